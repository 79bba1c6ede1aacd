using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>The names of the vault's secrets.</summary>
public sealed class SecretNameCompleter : DaemonCompleter
{
    internal override async Task<IEnumerable<CompletionResult>> Complete(
        DaemonClient daemon, string command, string parameter, string word, CancellationToken cancel) =>
        from secret in await daemon.Secrets(cancel).ConfigureAwait(false)
        where secret.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        select Result(secret.Name, secret.Name, $"Set at {secret.SetAt:g}");
}

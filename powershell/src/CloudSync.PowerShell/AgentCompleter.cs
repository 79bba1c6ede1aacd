using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>The agents there are.</summary>
public sealed class AgentCompleter : DaemonCompleter
{
    internal override async Task<IEnumerable<CompletionResult>> Complete(
        DaemonClient daemon, string command, string parameter, string word, CancellationToken cancel) =>
        (await daemon.Agents(cancel).ConfigureAwait(false))
            .Where(one => one.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(one => Result(one.Name, one.Name, $"{one.State} on {one.HostName}"));
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>The newest versions of the configuration, by number.</summary>
public sealed class ConfigurationVersionCompleter : DaemonCompleter
{
    internal override async Task<IEnumerable<CompletionResult>> Complete(
        DaemonClient daemon, string command, string parameter, string word, CancellationToken cancel) =>
        from version in await daemon.ConfigurationVersions(50).Next(cancel).ConfigureAwait(false)
        let number = version.Version.ToString(CultureInfo.InvariantCulture)
        where number.StartsWith(word, StringComparison.Ordinal)
        select Result(number, $"{number} {version.AppliedAt:g}", $"In force from {version.AppliedAt:g}, by {version.Actor}");
}

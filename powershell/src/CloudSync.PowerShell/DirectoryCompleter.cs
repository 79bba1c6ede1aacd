using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>Forests for <c>-Forest</c> and the forest cmdlet, connectors for <c>-Connector</c>, and else domains.</summary>
public sealed class DirectoryCompleter : DaemonCompleter
{
    internal override async Task<IEnumerable<CompletionResult>> Complete(
        DaemonClient daemon, string command, string parameter, string word, CancellationToken cancel)
    {
        var status = await daemon.Status(cancel).ConfigureAwait(false);
        var names = (command, parameter) switch
        {
            (_, "Forest") or ("Get-CloudSyncForest", _) => Forest.Of(status).Select(one => (one.Name, Tip: $"{one.Objects} objects, {one.State}")),
            (_, "Connector") => status.Connectors.Select(one => (Name: one.Connector, Tip: one.ToString())),
            _ => status.Connectors.Select(one => (Name: one.Domain, Tip: one.ToString())),
        };
        return names.Where(one => one.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(one => Result(one.Name, one.Name, one.Tip));
    }
}

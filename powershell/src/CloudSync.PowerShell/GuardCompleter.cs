using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>The guards that hold something of the cycle that ended last.</summary>
public sealed class GuardCompleter : DaemonCompleter
{
    internal override async Task<IEnumerable<CompletionResult>> Complete(
        DaemonClient daemon, string command, string parameter, string word, CancellationToken cancel)
    {
        var holds = (await daemon.Status(cancel).ConfigureAwait(false)).Last?.Holds ?? [];
        return holds.GroupBy(one => one.Guard).Where(one => one.Key.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(one => Result(one.Key, one.Key, string.Join("; ", one)));
    }
}

using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>The newest cycles, by number.</summary>
public sealed class CycleIdCompleter : DaemonCompleter
{
    internal override async Task<IEnumerable<CompletionResult>> Complete(
        DaemonClient daemon, string command, string parameter, string word, CancellationToken cancel) =>
        from cycle in await daemon.Cycles(50).Next(cancel).ConfigureAwait(false)
        let id = cycle.Id.ToString(CultureInfo.InvariantCulture)
        where id.StartsWith(word, System.StringComparison.Ordinal)
        select Result(id, $"{id} {cycle.Type} {cycle.State}", $"{cycle} {cycle.State}, started {cycle.StartedAt:g}. {cycle.Counts}");
}

using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

internal sealed partial class DaemonClient
{
    public async Task<IReadOnlyList<Agent>> Agents(CancellationToken cancel) =>
        (await Get("agents", cancel).ConfigureAwait(false)).List("items", json => new Agent(json));

    public async Task<IReadOnlyList<AttributeMapping>> AttributeMappings(string? kind, string? source, string? forest, CancellationToken cancel)
    {
        var query = Query("attribute-mappings", ("kind", kind), ("source", source), ("forest", forest));
        return (await Get(query, cancel).ConfigureAwait(false)).List("items", json => new AttributeMapping(json));
    }

    /// <summary>Looks from where the daemon runs at all it needs.</summary>
    public async Task<IReadOnlyList<CheckResult>> CheckSurroundings(CancellationToken cancel) =>
        (await Post("checks", null, cancel).ConfigureAwait(false)).List("items", json => new CheckResult(json));

    public async Task<DashboardLink> DashboardLink(string? role, CancellationToken cancel) =>
        new(await Post("dashboard/links", Body(("role", role)), cancel).ConfigureAwait(false));
}

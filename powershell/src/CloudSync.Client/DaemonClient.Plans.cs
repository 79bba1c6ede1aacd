using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

internal sealed partial class DaemonClient
{
    public Pages<PlannedOperation> Operations(long cycle, OperationState? state, string? type, int pageSize) =>
        new(this, Query($"cycles/{cycle}/operations", ("state", state is null ? null : Word(state)), ("type", type)), pageSize, json => new PlannedOperation(json));

    public async Task<PlanSummary> Plan(long cycle, CancellationToken cancel) => new(await Get($"cycles/{cycle}/plan", cancel).ConfigureAwait(false));

    public async Task<Cycle> SavePlan(long cycle, bool saved, CancellationToken cancel) =>
        new(await Put($"cycles/{cycle}/saved", Body(("saved", saved)), cancel).ConfigureAwait(false));

    /// <summary>How many operations were decided on; single ones by their own digests, since a cycle in between numbers them anew.</summary>
    public async Task<long> Decide(string verdict, string digest, string? heldBy, IReadOnlyList<string>? operations, CancellationToken cancel)
    {
        var body = Body(("verdict", verdict), ("digest", digest), ("heldBy", heldBy), ("digests", operations));
        return (await Post("held/decision", body, cancel).ConfigureAwait(false)).Integer("count");
    }
}

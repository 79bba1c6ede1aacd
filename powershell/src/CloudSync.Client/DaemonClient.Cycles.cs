using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

/// <summary>What a cycle is started with.</summary>
internal sealed class CycleStart(CycleType type, bool preview = false, long? undo = null, Cycle? plan = null)
{
    public CycleType Type { get; } = type;

    public bool Preview { get; } = preview;

    /// <summary>With <see cref="CycleType.Undo"/>: the cycle to take back.</summary>
    public long? Undo { get; } = undo;

    /// <summary>A saved plan to carry out as it was shown.</summary>
    public Cycle? Plan { get; } = plan;
}

internal sealed partial class DaemonClient
{
    /// <summary>Sent with a key of its own, so that one that broke off can be sent again without starting two.</summary>
    public async Task<Cycle> StartCycle(CycleStart start, CancellationToken cancel)
    {
        var body = Body(
            ("type", Word(start.Type)),
            ("preview", start.Preview),
            ("undo", start.Undo),
            ("plan", start.Plan is null ? null : Body(("cycle", start.Plan.Id), ("digest", start.Plan.Digest))));
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        try
        {
            return new Cycle(await Post("cycles", body, cancel, key).ConfigureAwait(false));
        }
        catch (CloudSyncException error) when (error.Code == "DaemonUnreachable")
        {
            return new Cycle(await Post("cycles", body, cancel, key).ConfigureAwait(false));
        }
    }

    public async Task<Cycle> Cycle(long id, CancellationToken cancel) => new(await Get($"cycles/{id}", cancel).ConfigureAwait(false));

    public async Task<Cycle> StopCycle(long id, CancellationToken cancel) => new(await Post($"cycles/{id}/stop", null, cancel).ConfigureAwait(false));

    public Task<EventStream> CycleEvents(long id, CancellationToken cancel) => EventStream.Open(transport, Api($"cycles/{id}/events"), cancel);

    /// <summary>Newest first.</summary>
    public Pages<Cycle> Cycles(int pageSize, CycleState? state = null, CycleType? type = null, bool? preview = null, bool? saved = null)
    {
        var query = Query("cycles", ("state", WordOrNull(state)), ("type", WordOrNull(type)), ("preview", WordOrNull(preview)), ("saved", WordOrNull(saved)));
        return new Pages<Cycle>(this, query, pageSize, json => new Cycle(json));
    }

    public async Task<Schedule> Schedule(CancellationToken cancel) => new(await Get("schedule", cancel).ConfigureAwait(false));

    /// <summary>Sets what is among the changes; null goes back to the configuration.</summary>
    public async Task<Schedule> SetSchedule(IDictionary<string, object?> changes, CancellationToken cancel) =>
        new(await Put("schedule", changes, cancel).ConfigureAwait(false));

    public async Task<Schedule> Suspend(string? reason, CancellationToken cancel) => new(await Post("suspend", Body(("reason", reason)), cancel).ConfigureAwait(false));

    public async Task<Schedule> Resume(CancellationToken cancel) => new(await Post("resume", null, cancel).ConfigureAwait(false));
}

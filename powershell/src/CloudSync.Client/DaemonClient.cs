using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

/// <summary>The daemon's API, version 1: one method per call, each with its typed answer.</summary>
internal sealed class DaemonClient(Transport transport) : IDisposable
{
    public Uri Address => transport.Address;

    public async Task<DaemonStatus> Status(CancellationToken cancel) => new(await Get("status", cancel).ConfigureAwait(false));

    public async Task<Cycle> StartCycle(CycleType type, bool preview, CancellationToken cancel)
    {
        var body = new Dictionary<string, object?> { ["type"] = Word(type), ["preview"] = preview };
        return new Cycle(await transport.Json(HttpMethod.Post, Api("cycles"), body, cancel).ConfigureAwait(false));
    }

    public async Task<Cycle> Cycle(long id, CancellationToken cancel) => new(await Get($"cycles/{id}", cancel).ConfigureAwait(false));

    public async Task<Cycle> StopCycle(long id, CancellationToken cancel) =>
        new(await transport.Json(HttpMethod.Post, Api($"cycles/{id}/stop"), null, cancel).ConfigureAwait(false));

    public Task<EventStream> CycleEvents(long id, CancellationToken cancel) =>
        EventStream.Open(transport, Api($"cycles/{id}/events"), cancel);

    /// <summary>Newest first.</summary>
    public Pages<Cycle> Cycles(int pageSize) => new(this, "cycles", pageSize, json => new Cycle(json));

    public Pages<PlannedOperation> Operations(long cycle, OperationState? state, string? type, int pageSize) =>
        new(this, Query($"cycles/{cycle}/operations", ("state", state is null ? null : Word(state)), ("type", type)), pageSize, json => new PlannedOperation(json));

    public async Task<ObjectInfo> Object(string by, string value, CancellationToken cancel) =>
        new(await Get(Query("object", (by, value)), cancel).ConfigureAwait(false));

    public Task<JsonObject> Get(string path, CancellationToken cancel) => transport.Json(HttpMethod.Get, Api(path), null, cancel);

    public void Dispose() => transport.Dispose();

    private static string Api(string path) => $"api/v1/{path}";

    /// <summary>A path with those of its query's values that are given.</summary>
    private static string Query(string path, params (string Name, string? Value)[] values)
    {
        var given = values.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}");
        var query = string.Join("&", given);
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static string Word(Enum value)
    {
        var word = value.ToString();
        return char.ToLowerInvariant(word[0]) + word.Substring(1);
    }
}

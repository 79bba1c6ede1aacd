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

    /// <summary>Null where no object is called so.</summary>
    public async Task<ObjectInfo?> Object(ObjectName name, CancellationToken cancel)
    {
        var page = await Get(Query("objects", ("by", name.By), ("value", name.Value)), cancel).ConfigureAwait(false);
        return page.List("items", json => new ObjectInfo(json)).FirstOrDefault();
    }

    /// <summary>Source objects that take no part, with their reasons.</summary>
    public Pages<ObjectInfo> Skipped(int pageSize) => new(this, "objects/skipped", pageSize, json => new ObjectInfo(json));

    public async Task<Schedule> Schedule(CancellationToken cancel) => new(await Get("schedule", cancel).ConfigureAwait(false));

    /// <summary>Sets what is among the changes; null goes back to the configuration.</summary>
    public async Task<Schedule> SetSchedule(IDictionary<string, object?> changes, CancellationToken cancel) =>
        new(await transport.Json(HttpMethod.Put, Api("schedule"), changes, cancel).ConfigureAwait(false));

    public async Task<Schedule> Suspend(string? reason, CancellationToken cancel)
    {
        var body = new Dictionary<string, object?> { ["reason"] = reason };
        return new Schedule(await transport.Json(HttpMethod.Post, Api("suspend"), body, cancel).ConfigureAwait(false));
    }

    public async Task<Schedule> Resume(CancellationToken cancel) =>
        new(await transport.Json(HttpMethod.Post, Api("resume"), null, cancel).ConfigureAwait(false));

    /// <summary>Newest first; this level and what is worse.</summary>
    public Pages<LogLine> Log(LogLevel level, int pageSize) =>
        new(this, Query("log", ("level", Word(level))), pageSize, json => new LogLine(json));

    public async Task<ConfigurationCheck> CheckConfiguration(string text, CancellationToken cancel)
    {
        var body = new Dictionary<string, object?> { ["text"] = text };
        return new ConfigurationCheck(await transport.Json(HttpMethod.Post, Api("configuration/check"), body, cancel).ConfigureAwait(false));
    }

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

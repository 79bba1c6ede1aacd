using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

/// <summary>The daemon's API, version 1: one method per call, each with its typed answer; a file per noun.</summary>
internal sealed partial class DaemonClient(Transport transport) : IDisposable
{
    public Uri Address => transport.Address;

    public async Task<DaemonStatus> Status(CancellationToken cancel) => new(await Get("status", cancel).ConfigureAwait(false));

    public Task<JsonObject> Get(string path, CancellationToken cancel) => transport.Json(HttpMethod.Get, Api(path), null, cancel);

    public void Dispose() => transport.Dispose();

    private Task<JsonObject> Post(string path, object? body, CancellationToken cancel, params (string Name, string Value)[] headers) =>
        transport.Json(HttpMethod.Post, Api(path), body, cancel, headers);

    private Task<JsonObject> Put(string path, object? body, CancellationToken cancel, params (string Name, string Value)[] headers) =>
        transport.Json(HttpMethod.Put, Api(path), body, cancel, headers);

    private static string Api(string path) => $"api/v1/{path}";

    /// <summary>A path with those of its query's values that are given.</summary>
    private static string Query(string path, params (string Name, string? Value)[] values)
    {
        var given = values.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}");
        var query = string.Join("&", given);
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    /// <summary>A body of those members that are given.</summary>
    private static Dictionary<string, object?> Body(params (string Name, object? Value)[] members) =>
        members.Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal);

    private static string? WordOrNull(bool? value) => value is { } word ? word ? "true" : "false" : null;

    private static string? WordOrNull(Enum? value) => value is null ? null : Word(value);

    private static string Word(Enum value)
    {
        var word = value.ToString();
        return char.ToLowerInvariant(word[0]) + word.Substring(1);
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CloudSync;

/// <summary>A JSON object and its typed reading: where what the daemon says becomes a value with a type.</summary>
internal sealed class JsonObject : Dictionary<string, object?>
{
    public JsonObject() : base(StringComparer.Ordinal)
    {
    }

    /// <exception cref="FormatException">It is not a JSON object.</exception>
    public static JsonObject Parse(string text) =>
        JsonReader.Parse(text) as JsonObject ?? throw new FormatException("A JSON object was expected.");

    public string Text(string name) => TextOrNull(name) ?? throw Missing(name);

    public string? TextOrNull(string name) => this.TryGetValue(name, out var value) ? value as string : null;

    public long Integer(string name) => IntegerOrNull(name) ?? throw Missing(name);

    public long? IntegerOrNull(string name) =>
        this.TryGetValue(name, out var value) ? value switch { long whole => whole, double real => (long)real, _ => null } : null;

    public double? RealOrNull(string name) =>
        this.TryGetValue(name, out var value) ? value switch { long whole => whole, double real => real, _ => null } : null;

    public bool Flag(string name) => this.TryGetValue(name, out var value) && value is true;

    /// <summary>ISO 8601 with its zone, as this machine's local time: what PowerShell shows and compares.</summary>
    public DateTime? TimeOrNull(string name) =>
        TextOrNull(name) is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.LocalDateTime
            : null;

    public DateTime Time(string name) => TimeOrNull(name) ?? throw Missing(name);

    public JsonObject? ObjectOrNull(string name) => this.TryGetValue(name, out var value) ? value as JsonObject : null;

    public JsonObject Object(string name) => ObjectOrNull(name) ?? throw Missing(name);

    public IReadOnlyList<T> List<T>(string name, Func<JsonObject, T> read) =>
        this.TryGetValue(name, out var value) && value is List<object?> items
            ? items.OfType<JsonObject>().Select(read).ToArray()
            : [];

    public IReadOnlyList<string> Texts(string name) =>
        this.TryGetValue(name, out var value) && value is List<object?> items ? items.OfType<string>().ToArray() : [];

    /// <summary>A word of a closed list; <c>Unknown</c> where the daemon is newer than this module.</summary>
    public T Word<T>(string name) where T : struct, Enum =>
        Enum.TryParse<T>(TextOrNull(name), true, out var word) ? word : default;

    /// <summary>The value of a name as PowerShell likes it: text, number, truth, list or dictionary.</summary>
    public object? Plain(string name) => this.TryGetValue(name, out var value) ? Plain(value) : null;

    /// <summary>Names and values, in their order; names are found whatever their case, as everywhere in PowerShell.</summary>
    public Dictionary<string, object?> Plain()
    {
        var plain = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in this) plain[pair.Key] = Plain(pair.Value);
        return plain;
    }

    private static object? Plain(object? value) => value switch
    {
        JsonObject inner => inner.Plain(),
        List<object?> items => items.Select(Plain).ToArray(),
        _ => value,
    };

    private static FormatException Missing(string name) => new($"The daemon's answer has no '{name}' of the expected kind.");
}

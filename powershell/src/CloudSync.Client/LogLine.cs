using System;
using System.Collections.Generic;
using System.Linq;

namespace CloudSync;

public enum LogLevel
{
    Unknown,
    Error,
    Warn,
    Info,
    Debug,
}

/// <summary>One line of the daemon's log.</summary>
public sealed class LogLine
{
    internal LogLine(JsonObject json)
    {
        Sequence = json.Integer("seq");
        Time = json.Time("time");
        Level = json.Word<LogLevel>("level");
        Subsystem = json.TextOrNull("subsystem") ?? "";
        Event = json.TextOrNull("event") ?? "";
        EventId = json.IntegerOrNull("eventId") ?? 0;
        Fields = (json.ObjectOrNull("fields") ?? []).Plain();
    }

    /// <summary>Counts from the daemon's start.</summary>
    public long Sequence { get; }

    public DateTime Time { get; }

    public LogLevel Level { get; }

    public string Subsystem { get; }

    public string Event { get; }

    /// <summary>As the event log of Windows has it; it never changes.</summary>
    public long EventId { get; }

    public Dictionary<string, object?> Fields { get; }

    public override string ToString() =>
        $"{Level} {Subsystem} {Event} {string.Join(" ", Fields.Select(one => $"{one.Key}={Display.Value(one.Value)}"))}".TrimEnd();
}

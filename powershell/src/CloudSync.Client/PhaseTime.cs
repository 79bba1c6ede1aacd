using System;
using System.Globalization;

namespace CloudSync;

/// <summary>One phase of a cycle: when it was, and how much it did.</summary>
public sealed class PhaseTime
{
    internal PhaseTime(JsonObject json)
    {
        Phase = json.Text("phase");
        StartedAt = json.Time("startedAt");
        EndedAt = json.TimeOrNull("endedAt");
        Done = json.Integer("done");
    }

    /// <summary><c>import</c>, <c>evaluate</c>, <c>confirm</c>, <c>plan</c> or <c>export</c>.</summary>
    public string Phase { get; }

    public DateTime StartedAt { get; }

    /// <summary>None while it goes on, and where its process ended under it.</summary>
    public DateTime? EndedAt { get; }

    public TimeSpan? Duration => EndedAt - StartedAt;

    /// <summary>Objects read, evaluated, confirmed or compared; operations sent.</summary>
    public long Done { get; }

    /// <summary>How much it did a second.</summary>
    public double? PerSecond => Duration is { } time ? Done / Math.Max(time.TotalSeconds, 0.001) : null;

    public override string ToString() => Duration is { } time
        ? string.Format(CultureInfo.InvariantCulture, "{0} {1} in {2:0.0} s ({3:0} a second)", Phase, Done, time.TotalSeconds, PerSecond)
        : $"{Phase} {Done}";
}

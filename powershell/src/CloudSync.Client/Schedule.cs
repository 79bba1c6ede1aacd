using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CloudSync;

/// <summary>When cycles run by themselves.</summary>
public sealed class Schedule
{
    internal Schedule(JsonObject json)
    {
        Delta = Duration.Parse(json.Text("delta"));
        Full = Duration.Parse(json.Text("full"));
        Watch = json.Flag("watch");
        Overridden = json.Flag("overridden");
        var suspended = json.ObjectOrNull("suspended");
        SuspendedSince = suspended?.TimeOrNull("since");
        SuspendedBecause = suspended?.TextOrNull("reason");
        var next = json.ObjectOrNull("next");
        NextType = next?.Word<CycleType>("type");
        NextAt = next?.TimeOrNull("at");
    }

    /// <summary>Between the starts of two cycles.</summary>
    public TimeSpan Delta { get; }

    /// <summary>Between two full cycles.</summary>
    public TimeSpan Full { get; }

    /// <summary>Each domain controller is asked every second whether it moved, and a delta cycle runs when one has.</summary>
    public bool Watch { get; }

    /// <summary>It was set in place of what the configuration says.</summary>
    public bool Overridden { get; }

    public bool Suspended => SuspendedSince is not null;

    public DateTime? SuspendedSince { get; }

    public string? SuspendedBecause { get; }

    public CycleType? NextType { get; }

    public DateTime? NextAt { get; }

    public override string ToString() =>
        Suspended ? $"suspended since {SuspendedSince}" : $"delta every {Delta}, full every {Full}{(Watch ? ", watching" : "")}";
}

/// <summary>Durations as the configuration spells them: <c>500ms</c>, <c>2m</c>, <c>7d</c>.</summary>
internal static class Duration
{
    private static readonly Regex Form = new(@"^(\d{1,12})(ms|s|m|h|d)$", RegexOptions.CultureInvariant);

    public static TimeSpan Parse(string text)
    {
        var match = Form.Match(text);
        if (!match.Success) throw new FormatException($"'{text}' is not a duration.");
        var number = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => TimeSpan.FromDays(number),
        };
    }

    /// <summary>In the largest unit that says it exactly.</summary>
    public static string Write(TimeSpan time)
    {
        var milliseconds = (long)time.TotalMilliseconds;
        foreach (var (unit, length) in new[] { ("d", 86_400_000L), ("h", 3_600_000L), ("m", 60_000L), ("s", 1000L) })
        {
            if (milliseconds > 0 && milliseconds % length == 0) return $"{milliseconds / length}{unit}";
        }
        return $"{milliseconds}ms";
    }
}

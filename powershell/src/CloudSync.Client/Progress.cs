using System;

namespace CloudSync;

/// <summary>How far a running cycle is.</summary>
public sealed class Progress
{
    internal Progress(JsonObject json)
    {
        Phase = json.Text("phase");
        Connector = json.TextOrNull("connector");
        Done = json.IntegerOrNull("done") ?? 0;
        Total = json.IntegerOrNull("total");
    }

    /// <summary><c>import</c>, <c>evaluate</c>, <c>confirm</c>, <c>plan</c> or <c>export</c>.</summary>
    public string Phase { get; }

    /// <summary>The domain being read, in <c>import</c>.</summary>
    public string? Connector { get; }

    public long Done { get; }

    /// <summary>Known in all phases but a first import.</summary>
    public long? Total { get; }

    public int? Percent => Total is > 0 ? (int)Math.Min(100, 100 * Done / Total.Value) : null;

    public override string ToString() =>
        $"{Phase}{(Connector is null ? "" : $" {Connector}")}: {Done}{(Total is null ? "" : $" of {Total}")}";
}

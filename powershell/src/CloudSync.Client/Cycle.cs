using System;
using System.Collections.Generic;

namespace CloudSync;

public enum CycleType
{
    Unknown,

    /// <summary>Reads what has changed since the last cycle.</summary>
    Delta,

    /// <summary>Reads everything again.</summary>
    Full,

    /// <summary>Takes back what an earlier cycle did.</summary>
    Undo,

    /// <summary>Takes one object all the way.</summary>
    OnDemand,
}

public enum CycleState
{
    Unknown,
    Running,
    Succeeded,
    Failed,
    Stopped,

    /// <summary>A guard waits for a person.</summary>
    Held,
}

/// <summary>One run of import, evaluate, confirm, plan and export.</summary>
public sealed class Cycle
{
    internal Cycle(JsonObject json)
    {
        Id = json.Integer("id");
        Type = json.Word<CycleType>("type");
        Preview = json.Flag("preview");
        Trigger = json.TextOrNull("trigger") ?? "";
        State = json.Word<CycleState>("state");
        StartedAt = json.Time("startedAt");
        EndedAt = json.TimeOrNull("endedAt");
        Progress = json.ObjectOrNull("progress") is { } progress ? new Progress(progress) : null;
        Phases = json.List("phases", one => new PhaseTime(one));
        Counts = new CycleCounts(json.ObjectOrNull("counts") ?? []);
        Digest = json.TextOrNull("digest");
        Saved = json.Flag("saved");
        HeldDigest = json.TextOrNull("heldDigest");
        Holds = json.List("holds", one => new GuardHold(one));
        Error = json.ObjectOrNull("error") is { } error ? new ErrorReport(error) : null;
        ConnectorErrors = json.List("connectorErrors", one => new ConnectorError(one));
    }

    public long Id { get; }

    public CycleType Type { get; }

    /// <summary>Planned only: nothing was written.</summary>
    public bool Preview { get; }

    /// <summary><c>manual</c>, <c>schedule</c>, <c>watch</c> or <c>start</c>.</summary>
    public string Trigger { get; }

    public CycleState State { get; }

    public DateTime StartedAt { get; }

    public DateTime? EndedAt { get; }

    /// <summary>Until now, while it runs.</summary>
    public TimeSpan Duration => (EndedAt ?? DateTime.Now) - StartedAt;

    public Progress? Progress { get; }

    /// <summary>Those it has begun, in order; a cycle about one object has none.</summary>
    public IReadOnlyList<PhaseTime> Phases { get; }

    public CycleCounts Counts { get; }

    /// <summary>SHA-256 over the plan.</summary>
    public string? Digest { get; }

    /// <summary>The plan is kept to be applied later.</summary>
    public bool Saved { get; }

    /// <summary>SHA-256 over what is held, by which it is approved: what was looked at is what is approved.</summary>
    public string? HeldDigest { get; }

    /// <summary>What each guard that held something counted.</summary>
    public IReadOnlyList<GuardHold> Holds { get; }

    /// <summary>Why it ended as it did, where it did not succeed.</summary>
    public ErrorReport? Error { get; }

    /// <summary>Domains that could not be read; the cycle went on without them.</summary>
    public IReadOnlyList<ConnectorError> ConnectorErrors { get; }

    public override string ToString() => $"{Type} cycle {Id}";
}

public sealed class ConnectorError
{
    internal ConnectorError(JsonObject json)
    {
        Connector = json.Text("connector");
        Error = new ErrorReport(json.Object("error"));
    }

    public string Connector { get; }

    public ErrorReport Error { get; }

    public override string ToString() => $"{Connector}: {Error}";
}

/// <summary>One guard's count that was too much.</summary>
public sealed class GuardHold
{
    internal GuardHold(JsonObject json)
    {
        Guard = json.Text("guard");
        Forest = json.TextOrNull("forest");
        Subject = json.TextOrNull("subject") ?? "";
        Count = json.IntegerOrNull("count") ?? 0;
        Of = json.IntegerOrNull("of") ?? 0;
        Limit = json.IntegerOrNull("limit") ?? 0;
        Error = new ErrorReport(json.Object("error"));
    }

    /// <summary><c>deletes</c>, <c>scopeLosses</c>, <c>disables</c>...</summary>
    public string Guard { get; }

    /// <summary>None: in all forests together.</summary>
    public string? Forest { get; }

    /// <summary>The group or the attribute it is about.</summary>
    public string Subject { get; }

    public long Count { get; }

    public long Of { get; }

    public long Limit { get; }

    public ErrorReport Error { get; }

    public override string ToString() => $"{Guard}{(Subject.Length == 0 ? "" : $" {Subject}")}: {Count} of {Of}, limit {Limit}";
}

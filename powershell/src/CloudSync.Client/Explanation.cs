using System;
using System.Collections.Generic;

namespace CloudSync;

/// <summary>Why an object is as it is, what the next cycle would do with it, and what was done so far.</summary>
public sealed class Explanation
{
    internal Explanation(JsonObject json)
    {
        Object = new ObjectInfo(json.Object("object"));
        var match = json.ObjectOrNull("match");
        MatchedBy = match?.TextOrNull("by") is "known" ? "earlierCycle" : match?.TextOrNull("by");
        var next = json.ObjectOrNull("next");
        Outcome = next?.TextOrNull("outcome");
        Error = next?.ObjectOrNull("error") is { } error ? new ErrorReport(error) : null;
        RetryAt = next?.TimeOrNull("retryAt");
        Next = next?.List("operations", one => new NextOperation(one)) ?? [];
        History = json.List("history", one => new ProvisioningLogEntry(one));
    }

    public ObjectInfo Object { get; }

    public string Identity => Object.Identity;

    /// <summary>How the tenant's object was found: <c>anchor</c>, <c>userPrincipalName</c>, <c>mail</c>, or <c>earlierCycle</c> where one has done so already.</summary>
    public string? MatchedBy { get; }

    /// <summary>What the next cycle would do: <c>nothing</c>, <c>waits</c>, <c>held</c> or <c>operations</c>. None where it takes no part.</summary>
    public string? Outcome { get; }

    /// <summary>What it waits for, or what holds it.</summary>
    public ErrorReport? Error { get; }

    public DateTime? RetryAt { get; }

    /// <summary>What the next cycle would write, as things are known now.</summary>
    public IReadOnlyList<NextOperation> Next { get; }

    /// <summary>What was done with it, newest first.</summary>
    public IReadOnlyList<ProvisioningLogEntry> History { get; }

    public override string ToString() => $"{Object}: {Outcome ?? Object.State}";
}

public sealed class NextOperation
{
    internal NextOperation(JsonObject json)
    {
        Type = json.Text("type");
        Changes = json.List("changes", one => new AttributeChange(one));
    }

    public string Type { get; }

    public IReadOnlyList<AttributeChange> Changes { get; }

    public override string ToString() => Changes.Count == 0 ? Type : $"{Type} ({string.Join("; ", Changes)})";
}

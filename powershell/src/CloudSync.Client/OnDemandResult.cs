using System.Collections.Generic;
using System.Linq;

namespace CloudSync;

/// <summary>One object taken all the way from the directory to the tenant, step by step.</summary>
public sealed class OnDemandResult
{
    internal OnDemandResult(JsonObject json)
    {
        CycleId = json.Integer("cycle");
        Applied = json.Flag("applied");
        Steps = json.List("steps", one => new OnDemandStep(one));
        Object = json.ObjectOrNull("object") is { } found ? new ObjectInfo(found) : null;
        Operations = json.List("operations", one => new PlannedOperation(one));
    }

    public long CycleId { get; }

    /// <summary>False: a dry run, nothing was written.</summary>
    public bool Applied { get; }

    /// <summary>In order; the first that cannot go on is the last.</summary>
    public IReadOnlyList<OnDemandStep> Steps { get; }

    public ObjectInfo? Object { get; }

    public IReadOnlyList<PlannedOperation> Operations { get; }

    /// <summary>No step failed.</summary>
    public bool Succeeded => Steps.All(one => one.Status != "failure");

    public override string ToString() => Steps.LastOrDefault()?.ToString() ?? "";
}

public sealed class OnDemandStep
{
    internal OnDemandStep(JsonObject json)
    {
        Name = json.Text("name");
        Status = json.Text("status");
        Description = json.TextOrNull("description") ?? "";
        var details = json.ObjectOrNull("details") ?? [];
        Details = details.Plain();
        Error = details.ObjectOrNull("error") is { } error ? new ErrorReport(error) : null;
    }

    /// <summary><c>import</c>, <c>scope</c>, <c>match</c>, <c>map</c> or <c>perform</c>.</summary>
    public string Name { get; }

    /// <summary><c>success</c>, <c>skipped</c> or <c>failure</c>.</summary>
    public string Status { get; }

    /// <summary>What it found.</summary>
    public string Description { get; }

    public Dictionary<string, object?> Details { get; }

    public ErrorReport? Error { get; }

    public override string ToString() => $"{Name}: {Status}. {Description}";
}

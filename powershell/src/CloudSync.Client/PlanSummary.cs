using System.Collections.Generic;
using System.Linq;

namespace CloudSync;

/// <summary>A plan in numbers.</summary>
public sealed class PlanSummary
{
    internal PlanSummary(JsonObject json)
    {
        Cycle = new Cycle(json.Object("cycle"));
        Operations = json.Integer("operations");
        ByKind = Counts(json, "byKind");
        ByState = Counts(json, "byState");
        ByCause = Counts(json, "byCause");
        ByForest = Counts(json, "byForest");
        ByOrganizationalUnit = Counts(json, "byOrganizationalUnit");
        ByGroup = Counts(json, "byGroup");
    }

    public Cycle Cycle { get; }

    public long CycleId => Cycle.Id;

    public long Operations { get; }

    public IReadOnlyList<PlanCount> ByKind { get; }

    public IReadOnlyList<PlanCount> ByState { get; }

    public IReadOnlyList<PlanCount> ByCause { get; }

    public IReadOnlyList<PlanCount> ByForest { get; }

    public IReadOnlyList<PlanCount> ByOrganizationalUnit { get; }

    public IReadOnlyList<PlanCount> ByGroup { get; }

    /// <summary>Of the operations in one state, how many of which type: <c>3 delete, 1 disable</c>.</summary>
    internal string InState(string state) => string.Join(", ", ByState.Where(one => one.Value == state).Select(one => $"{one.Count} {one.Type}"));

    private static PlanCount[] Counts(JsonObject json, string name) => [.. json.List(name, one => new PlanCount(one))];
}

public sealed class PlanCount
{
    internal PlanCount(JsonObject json)
    {
        Value = json.Text("value");
        Type = json.Text("type");
        Count = json.Integer("n");
    }

    public string Value { get; }

    /// <summary>The operations' type.</summary>
    public string Type { get; }

    public long Count { get; }

    public override string ToString() => $"{Value}: {Count} {Type}";
}

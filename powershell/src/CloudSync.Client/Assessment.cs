using System.Collections.Generic;

namespace CloudSync;

/// <summary>What another configuration would do to the tenant, from what was last read.</summary>
public sealed class Assessment
{
    internal Assessment(JsonObject json)
    {
        Plan = new PlanSummary(json);
        Sample = json.List("sample", one => new PlannedOperation(one));
        UnreadConnectors = json.Texts("unreadConnectors");
        UnreadAttributes = json.Texts("unreadAttributes");
    }

    /// <summary>The plan in numbers.</summary>
    public PlanSummary Plan { get; }

    public long Operations => Plan.Operations;

    /// <summary>The first of the operations.</summary>
    public IReadOnlyList<PlannedOperation> Sample { get; }

    /// <summary>Domains of which nothing has been read yet: what they would bring is not in here.</summary>
    public IReadOnlyList<string> UnreadConnectors { get; }

    /// <summary>Attributes nothing was read with yet: values from them are not in here, and a full read comes first.</summary>
    public IReadOnlyList<string> UnreadAttributes { get; }

    public override string ToString() => Operations == 0 ? "nothing would change" : string.Join(", ", Plan.ByKind);
}

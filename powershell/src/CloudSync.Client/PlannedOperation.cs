using System.Collections.Generic;

namespace CloudSync;

public enum OperationState
{
    Unknown,
    Planned,

    /// <summary>A guard waits for a person.</summary>
    Held,
    Sent,
    Done,
    Failed,
}

/// <summary>One write a cycle would do, does or has done.</summary>
public sealed class PlannedOperation
{
    internal PlannedOperation(JsonObject json)
    {
        OperationId = json.Integer("id");
        CycleId = json.Integer("cycle");
        Type = json.Text("type");
        Kind = json.Text("kind");
        Anchor = json.TextOrNull("anchor") ?? "";
        DisplayName = json.TextOrNull("displayName") ?? "";
        DistinguishedName = json.TextOrNull("dn");
        TenantId = json.TextOrNull("tenantId");
        Cause = json.TextOrNull("cause") ?? "";
        Changes = json.List("changes", one => new AttributeChange(one));
        References = json.List("references", one => new ObjectReference(one));
        State = json.Word<OperationState>("state");
        HeldBy = json.TextOrNull("heldBy");
        Digest = json.TextOrNull("digest");
        Error = json.ObjectOrNull("error") is { } error ? new ErrorReport(error) : null;
        RequestId = json.TextOrNull("requestId");
    }

    public long OperationId { get; }

    public long CycleId { get; }

    /// <summary><c>create</c>, <c>update</c>, <c>disable</c>, <c>delete</c>, <c>restore</c>, <c>addMembers</c>...</summary>
    public string Type { get; }

    /// <summary><c>user</c>, <c>group</c>, <c>contact</c> or <c>device</c>.</summary>
    public string Kind { get; }

    /// <summary>The source anchor of the object.</summary>
    public string Anchor { get; }

    public string DisplayName { get; }

    public string? DistinguishedName { get; }

    public string? TenantId { get; }

    /// <summary>What made it necessary: <c>sourceChanged</c>, <c>cameIntoScope</c>, <c>deletedInSource</c>...</summary>
    public string Cause { get; }

    public IReadOnlyList<AttributeChange> Changes { get; }

    /// <summary>The other ends of a membership or manager operation.</summary>
    public IReadOnlyList<ObjectReference> References { get; }

    public OperationState State { get; }

    /// <summary>The guard that holds it, or <c>softMatch</c>.</summary>
    public string? HeldBy { get; }

    /// <summary>The same operation planned again has the same.</summary>
    public string? Digest { get; }

    public ErrorReport? Error { get; }

    /// <summary>The tenant's own id of the request, for its support.</summary>
    public string? RequestId { get; }

    public override string ToString() => $"{Type} {Kind} {DisplayName}";
}

public sealed class AttributeChange
{
    internal AttributeChange(JsonObject json)
    {
        Attribute = json.Text("attribute");
        Before = json.Plain("before");
        After = json.Plain("after");
    }

    public string Attribute { get; }

    public object? Before { get; }

    public object? After { get; }

    public override string ToString() => $"{Attribute}: {Display.Value(Before)} -> {Display.Value(After)}";
}

public sealed class ObjectReference
{
    internal ObjectReference(JsonObject json)
    {
        Anchor = json.TextOrNull("anchor") ?? "";
        DisplayName = json.TextOrNull("displayName") ?? "";
    }

    public string Anchor { get; }

    public string DisplayName { get; }

    public override string ToString() => DisplayName;
}

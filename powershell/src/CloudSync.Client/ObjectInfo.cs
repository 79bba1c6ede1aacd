using System;
using System.Collections.Generic;
using System.Linq;

namespace CloudSync;

internal enum ObjectState
{
    Unknown,
    Synced,

    /// <summary>The next cycles bring it into step.</summary>
    Pending,
    OutOfScope,

    /// <summary>The target cannot write it.</summary>
    Unsupported,
    Held,
    Failed,
    Deleted,
}

/// <summary>One identity, or a source object that takes no part, and all that is known of it.</summary>
public sealed class ObjectInfo
{
    internal ObjectInfo(JsonObject json)
    {
        Anchor = json.TextOrNull("anchor");
        Kind = json.TextOrNull("kind") ?? "";
        DisplayName = json.TextOrNull("displayName") ?? "";
        UserPrincipalName = json.TextOrNull("userPrincipalName");
        TenantId = json.TextOrNull("tenantId");
        State = json.TextOrNull("state") ?? "";
        Reason = json.ObjectOrNull("reason") is { } reason ? new Reason(reason) : null;
        Error = json.ObjectOrNull("error") is { } error ? new ErrorReport(error) : null;
        Sources = json.List("sources", one => new SourceObject(one));
        Desired = (json.ObjectOrNull("desired") ?? []).Where(one => one.Value is JsonObject)
            .Select(one => new DesiredValue(one.Key, (JsonObject)one.Value!)).ToArray();
        Tenant = json.ObjectOrNull("tenant")?.Plain();
    }

    /// <summary>The source anchor; none where it is no identity.</summary>
    public string? Anchor { get; }

    public string Kind { get; }

    public string DisplayName { get; }

    public string? UserPrincipalName { get; }

    public string? TenantId { get; }

    /// <summary><c>synced</c>, <c>pending</c>, <c>outOfScope</c>, <c>unsupported</c>, <c>held</c>, <c>failed</c> or <c>deleted</c>.</summary>
    public string State { get; }

    public Reason? Reason { get; }

    public ErrorReport? Error { get; }

    /// <summary>What the directories hold of it.</summary>
    public IReadOnlyList<SourceObject> Sources { get; }

    /// <summary>What should be in the tenant, and where each value came from.</summary>
    public IReadOnlyList<DesiredValue> Desired { get; }

    /// <summary>What is known to be in the tenant, by attribute.</summary>
    public Dictionary<string, object?>? Tenant { get; }

    public string? DistinguishedName => Sources.FirstOrDefault()?.DistinguishedName;

    /// <summary>The name by which it can be asked for again.</summary>
    public string Identity => Anchor ?? DistinguishedName ?? TenantId ?? DisplayName;

    public override string ToString() => DisplayName;
}

/// <summary>Why something is as it is.</summary>
public sealed class Reason
{
    internal Reason(JsonObject json)
    {
        Code = json.TextOrNull("code") ?? "";
        Text = json.TextOrNull("text") ?? "";
    }

    public string Code { get; }

    public string Text { get; }

    public override string ToString() => Text;
}

/// <summary>One object of a directory as last read.</summary>
public sealed class SourceObject
{
    internal SourceObject(JsonObject json)
    {
        Connector = json.Text("connector");
        ObjectGuid = json.Text("guid");
        Kind = json.TextOrNull("kind") ?? "";
        DistinguishedName = json.Text("dn");
        Attributes = (json.ObjectOrNull("attributes") ?? []).Plain();
        InScope = json.Flag("inScope");
        Reason = new Reason(json.ObjectOrNull("reason") ?? []);
        ReadAt = json.TimeOrNull("readAt");
        Usn = json.TextOrNull("usn");
    }

    public string Connector { get; }

    public string ObjectGuid { get; }

    public string Kind { get; }

    public string DistinguishedName { get; }

    public Dictionary<string, object?> Attributes { get; }

    public bool InScope { get; }

    public Reason Reason { get; }

    public DateTime? ReadAt { get; }

    public string? Usn { get; }

    public override string ToString() => DistinguishedName;
}

/// <summary>One value that should be in the tenant.</summary>
public sealed class DesiredValue
{
    internal DesiredValue(string attribute, JsonObject json)
    {
        Attribute = attribute;
        Value = json.Plain("value");
        Mapping = json.TextOrNull("mapping") ?? "";
        Connector = json.TextOrNull("connector") ?? "";
    }

    public string Attribute { get; }

    public object? Value { get; }

    /// <summary>The mapping that gave it.</summary>
    public string Mapping { get; }

    /// <summary>The domain it came from.</summary>
    public string Connector { get; }

    public override string ToString() => $"{Attribute}={Display.Value(Value)}";
}

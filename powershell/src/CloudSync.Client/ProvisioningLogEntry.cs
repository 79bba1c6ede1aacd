using System;
using System.Collections.Generic;

namespace CloudSync;

/// <summary>One thing that was done to the tenant, or decided by a person.</summary>
public sealed class ProvisioningLogEntry
{
    internal ProvisioningLogEntry(JsonObject json)
    {
        EntryId = json.Integer("id");
        At = json.Time("at");
        CycleId = json.IntegerOrNull("cycle");
        Action = json.Text("action");
        Status = json.TextOrNull("status") ?? "";
        Actor = json.TextOrNull("actor") ?? "";
        Kind = json.TextOrNull("kind");
        Anchor = json.TextOrNull("anchor");
        DisplayName = json.TextOrNull("displayName");
        DistinguishedName = json.TextOrNull("dn");
        TenantId = json.TextOrNull("tenantId");
        Detail = (json.ObjectOrNull("detail") ?? []).Plain();
    }

    public long EntryId { get; }

    public DateTime At { get; }

    public long? CycleId { get; }

    /// <summary>An operation's type, or <c>approve</c>, <c>deny</c>, <c>release</c>, <c>skip</c>...</summary>
    public string Action { get; }

    /// <summary><c>success</c>, <c>failure</c>, <c>skipped</c>, <c>held</c> or <c>unknown</c>.</summary>
    public string Status { get; }

    /// <summary>Who did it: a cycle's trigger or a person.</summary>
    public string Actor { get; }

    public string? Kind { get; }

    public string? Anchor { get; }

    public string? DisplayName { get; }

    public string? DistinguishedName { get; }

    public string? TenantId { get; }

    public Dictionary<string, object?> Detail { get; }

    public override string ToString() => $"{At:g} {Action} {DisplayName} {Status}".Replace("  ", " ");
}

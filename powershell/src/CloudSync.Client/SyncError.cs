using System.Collections.Generic;

namespace CloudSync;

/// <summary>Something that keeps the tenant from being in step: of an object, a domain, or the tenant as a whole.</summary>
public sealed class SyncError
{
    private SyncError(string scope, string name, ErrorReport error)
    {
        Scope = scope;
        Name = name;
        Error = error;
    }

    /// <summary><c>tenant</c>, <c>domain</c>, or the object's kind.</summary>
    public string Scope { get; }

    public string Name { get; }

    /// <summary>The object's source anchor, or other name it can be asked for by.</summary>
    public string? Identity { get; private set; }

    /// <summary>The domain it is about.</summary>
    public string? Connector { get; private set; }

    public string Code => Error.Code;

    public string Message => Error.Message;

    public string Remedy => Error.Remedy;

    /// <summary>The attribute it is about.</summary>
    public string? Attribute => Error.Attribute;

    public ErrorReport Error { get; }

    public override string ToString() => $"{Name}: {Error}";

    internal static SyncError? Of(ObjectInfo found) =>
        found.Error is null ? null : new SyncError(found.Kind, found.DisplayName, found.Error) { Identity = found.Identity };

    /// <summary>Those of the tenant and the domains.</summary>
    internal static IEnumerable<SyncError> Of(DaemonStatus status)
    {
        if (status.Tenant.LastError is { } refused) yield return new SyncError("tenant", status.Tenant.Id, refused);
        foreach (var connector in status.Connectors)
        {
            if (connector.LastError is { } failed) yield return new SyncError("domain", connector.Domain, failed) { Connector = connector.Connector };
        }
    }
}

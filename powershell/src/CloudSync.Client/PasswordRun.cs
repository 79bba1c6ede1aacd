using System;
using System.Collections.Generic;

namespace CloudSync;

/// <summary>One run of the password sync.</summary>
public sealed class PasswordRun
{
    internal PasswordRun(JsonObject json)
    {
        StartedAt = json.Time("startedAt");
        EndedAt = json.TimeOrNull("endedAt");
        Accounts = json.IntegerOrNull("accounts") ?? 0;
        Sent = json.IntegerOrNull("sent") ?? 0;
        Skipped = json.IntegerOrNull("skipped") ?? 0;
        Failed = json.IntegerOrNull("failed") ?? 0;
        Errors = json.List("errors", one => new ConnectorError(one));
        HeardAt = json.TimeOrNull("heardAt");
    }

    public DateTime StartedAt { get; }

    public DateTime? EndedAt { get; }

    /// <summary>Of which something had changed.</summary>
    public long Accounts { get; }

    public long Sent { get; }

    public long Skipped { get; }

    public long Failed { get; }

    /// <summary>Domains whose passwords could not be read.</summary>
    public IReadOnlyList<ConnectorError> Errors { get; }

    /// <summary>When the tenant last heard of this sync.</summary>
    public DateTime? HeardAt { get; }

    public override string ToString() => $"{Sent} sent, {Failed} failed, at {StartedAt:g}";
}

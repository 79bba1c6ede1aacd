using System;
using System.Collections.Generic;
using System.Linq;

namespace CloudSync;

/// <summary>How the daemon, its directories and its tenant are.</summary>
public sealed class DaemonStatus
{
    internal DaemonStatus(JsonObject json)
    {
        Version = json.Text("version");
        ProcessId = json.Integer("pid");
        StartedAt = json.Time("startedAt");
        DataPath = json.Text("dataDirectory");
        ConfigurationFile = json.Text("configurationFile");
        Schedule = new Schedule(json.Object("schedule"));
        Tenant = new TenantStatus(json.Object("tenant"));
        Connectors = json.List("connectors", one => new ConnectorStatus(one));
        Objects = (json.ObjectOrNull("objects") ?? []).Where(one => one.Value is JsonObject)
            .Select(one => new ObjectCounts(one.Key, (JsonObject)one.Value!)).ToArray();
        Passwords = json.ObjectOrNull("passwords") is { } passwords ? new PasswordRun(passwords) : null;
        Running = json.ObjectOrNull("running") is { } running ? new Cycle(running) : null;
        Last = json.ObjectOrNull("last") is { } last ? new Cycle(last) : null;
    }

    public string Version { get; }

    public long ProcessId { get; }

    public DateTime StartedAt { get; }

    /// <summary>Where the daemon keeps state, tokens and logs.</summary>
    public string DataPath { get; }

    public string ConfigurationFile { get; }

    public Schedule Schedule { get; }

    public TenantStatus Tenant { get; }

    /// <summary>One for each domain that is read.</summary>
    public IReadOnlyList<ConnectorStatus> Connectors { get; }

    /// <summary>As counted when the last cycle ended.</summary>
    public IReadOnlyList<ObjectCounts> Objects { get; }

    /// <summary>The last run of the password sync.</summary>
    public PasswordRun? Passwords { get; }

    /// <summary>The cycle that runs now.</summary>
    public Cycle? Running { get; }

    /// <summary>The last cycle that followed the directory and ended: no undo, nothing about one object, no preview asked for.</summary>
    public Cycle? Last { get; }
}

public sealed class TenantStatus
{
    internal TenantStatus(JsonObject json)
    {
        Id = json.Text("id");
        Cloud = json.TextOrNull("cloud") ?? "";
        Target = json.TextOrNull("target") ?? "";
        LastError = json.ObjectOrNull("lastError") is { } error ? new ErrorReport(error) : null;
        Quarantine = json.ObjectOrNull("quarantine") is { } quarantine ? new Quarantine(quarantine) : null;
    }

    public string Id { get; }

    public string Cloud { get; }

    /// <summary>The API it is written by: <c>graph</c> or <c>syncApi</c>.</summary>
    public string Target { get; }

    public ErrorReport? LastError { get; }

    /// <summary>It keeps failing, and is left alone for a while.</summary>
    public Quarantine? Quarantine { get; }

    public override string ToString() => Id;
}

/// <summary>The reading of one domain.</summary>
public sealed class ConnectorStatus
{
    internal ConnectorStatus(JsonObject json)
    {
        Connector = json.Text("name");
        Forest = json.TextOrNull("forest") ?? "";
        Domain = json.TextOrNull("domain") ?? "";
        State = json.TextOrNull("state") ?? "";
        Objects = json.IntegerOrNull("objects") ?? 0;
        Server = json.TextOrNull("server");
        Watermark = json.TextOrNull("watermark");
        LastReadAt = json.TimeOrNull("lastReadAt");
        LastError = json.ObjectOrNull("lastError") is { } error ? new ErrorReport(error) : null;
        Quarantine = json.ObjectOrNull("quarantine") is { } quarantine ? new Quarantine(quarantine) : null;
    }

    /// <summary><c>forest/domain</c>.</summary>
    public string Connector { get; }

    public string Forest { get; }

    public string Domain { get; }

    /// <summary><c>neverRead</c>, <c>healthy</c>, <c>failing</c> or <c>quarantined</c>.</summary>
    public string State { get; }

    public long Objects { get; }

    /// <summary>The domain controller read last.</summary>
    public string? Server { get; }

    /// <summary>What the next delta read resumes from.</summary>
    public string? Watermark { get; }

    public DateTime? LastReadAt { get; }

    public ErrorReport? LastError { get; }

    /// <summary>It keeps failing, and is left alone for a while.</summary>
    public Quarantine? Quarantine { get; }

    public override string ToString() => $"{Connector} ({State})";
}

/// <summary>How many objects of one kind there are.</summary>
public sealed class ObjectCounts
{
    internal ObjectCounts(string kind, JsonObject json)
    {
        Kind = kind;
        Source = json.IntegerOrNull("source") ?? 0;
        InScope = json.IntegerOrNull("inScope") ?? 0;
        InTenant = json.IntegerOrNull("inTenant") ?? 0;
    }

    public string Kind { get; }

    /// <summary>In the directories.</summary>
    public long Source { get; }

    public long InScope { get; }

    public long InTenant { get; }

    public override string ToString() => $"{Kind}: {Source} read, {InScope} in scope, {InTenant} in the tenant";
}

/// <summary>Something keeps failing: cycles that nobody asked for leave it alone for a while.</summary>
public sealed class Quarantine
{
    internal Quarantine(JsonObject json)
    {
        Failures = json.IntegerOrNull("failures") ?? 0;
        Since = json.TimeOrNull("since");
        RetryAt = json.TimeOrNull("retryAt");
    }

    public long Failures { get; }

    public DateTime? Since { get; }

    public DateTime? RetryAt { get; }

    public override string ToString() => $"{Failures} failures since {Since}, next try {RetryAt}";
}

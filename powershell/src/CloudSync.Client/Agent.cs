using System;
using System.Collections.Generic;

namespace CloudSync;

/// <summary>Who reads directories: the daemon itself, or a process elsewhere that it hears of.</summary>
public sealed class Agent
{
    internal Agent(JsonObject json)
    {
        Name = json.Text("name");
        BuiltIn = json.Flag("builtIn");
        State = json.TextOrNull("state") ?? "";
        HostName = json.TextOrNull("host") ?? "";
        Platform = json.TextOrNull("platform") ?? "";
        Version = json.TextOrNull("version") ?? "";
        Since = json.TimeOrNull("since");
        LastContactAt = json.TimeOrNull("lastContactAt");
        Domains = json.List("domains", one => new AgentDomain(one));
    }

    public string Name { get; }

    /// <summary>It is part of the daemon.</summary>
    public bool BuiltIn { get; }

    /// <summary><c>online</c> or <c>offline</c>.</summary>
    public string State { get; }

    /// <summary>The computer it runs on.</summary>
    public string HostName { get; }

    /// <summary>Operating system and processor.</summary>
    public string Platform { get; }

    public string Version { get; }

    /// <summary>When it started.</summary>
    public DateTime? Since { get; }

    /// <summary>When the daemon last heard of it.</summary>
    public DateTime? LastContactAt { get; }

    /// <summary>The domains it serves.</summary>
    public IReadOnlyList<AgentDomain> Domains { get; }

    public override string ToString() => Name;
}

/// <summary>A domain an agent serves, and the domain controllers it knows there.</summary>
public sealed class AgentDomain
{
    internal AgentDomain(JsonObject json)
    {
        Status = new ConnectorStatus(json);
        Controllers = json.List("controllers", one => new DomainController(one));
    }

    public string Domain => Status.Domain;

    public string State => Status.State;

    /// <summary>The reading of the domain.</summary>
    public ConnectorStatus Status { get; }

    /// <summary>In the order they are tried; none where a file is read.</summary>
    public IReadOnlyList<DomainController> Controllers { get; }

    public override string ToString() => Status.ToString();
}

/// <summary>A domain controller as the agent knows it.</summary>
public sealed class DomainController
{
    internal DomainController(JsonObject json)
    {
        Url = json.Text("url");
        InUse = json.Flag("inUse");
        Failures = json.IntegerOrNull("failures") ?? 0;
        LeftAloneUntil = json.TimeOrNull("leftAloneUntil");
        LastContactAt = json.TimeOrNull("lastContactAt");
    }

    public string Url { get; }

    /// <summary>It is the one that is spoken to now.</summary>
    public bool InUse { get; }

    /// <summary>Failures in a row; after each it is left alone for longer, while others will do.</summary>
    public long Failures { get; }

    public DateTime? LeftAloneUntil { get; }

    /// <summary>When it last answered.</summary>
    public DateTime? LastContactAt { get; }

    public override string ToString() => InUse ? $"{Url} (in use)" : LeftAloneUntil is null ? Url : $"{Url} (left alone until {LeftAloneUntil})";
}

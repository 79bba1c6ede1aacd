using System;
using System.Collections.Generic;
using System.Linq;

namespace CloudSync;

/// <summary>A forest and how its domains are.</summary>
public sealed class Forest
{
    private Forest(string name, IReadOnlyList<ConnectorStatus> domains)
    {
        Name = name;
        Domains = domains;
    }

    public string Name { get; }

    public IReadOnlyList<ConnectorStatus> Domains { get; }

    /// <summary>That of the domain that is worst off.</summary>
    public string State => new[] { "quarantined", "failing", "neverRead" }.FirstOrDefault(state => Domains.Any(one => one.State == state)) ?? "healthy";

    public long Objects => Domains.Sum(one => one.Objects);

    /// <summary>When the domain that was not read for longest was read; none where one never was.</summary>
    public DateTime? LastReadAt => Domains.Any(one => one.LastReadAt is null) ? null : Domains.Min(one => one.LastReadAt);

    public override string ToString() => Name;

    internal static IEnumerable<Forest> Of(DaemonStatus status) =>
        status.Connectors.GroupBy(one => one.Forest).Select(group => new Forest(group.Key, [.. group]));
}

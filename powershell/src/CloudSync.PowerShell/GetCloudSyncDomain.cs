using System;
using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets the domains that are read: when, from which domain controller, and what keeps one from being read.</summary>
/// <example><code>Get-CloudSyncDomain</code><para>Gets all domains.</para></example>
/// <example><code>Get-CloudSyncForest contoso | Get-CloudSyncDomain | Where-Object State -NE healthy</code><para>Gets the domains of a forest that were not read.</para></example>
/// <example><code>Get-CloudSyncAgent built-in | Get-CloudSyncDomain</code><para>Gets the domains an agent reads.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncDomain", DefaultParameterSetName = "Name")]
[OutputType(typeof(ConnectorStatus))]
public sealed class GetCloudSyncDomain : DaemonCmdlet
{
    /// <summary>The DNS name of the domain. Wildcards are taken.</summary>
    [Parameter(ParameterSetName = "Name", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Domain")]
    [ArgumentCompleter(typeof(DirectoryCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only domains of this forest.</summary>
    [Parameter(ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DirectoryCompleter))]
    [SupportsWildcards]
    public string Forest { get; set; } = "*";

    /// <summary>The domains of this forest, from Get-CloudSyncForest.</summary>
    [Parameter(ParameterSetName = "Forest", Mandatory = true, ValueFromPipeline = true)]
    public Forest InputObject { get; set; } = null!;

    /// <summary>The domains this agent reads, from Get-CloudSyncAgent.</summary>
    [Parameter(ParameterSetName = "Agent", Mandatory = true, ValueFromPipeline = true)]
    public Agent Agent { get; set; } = null!;

    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case "Forest": Find(one => one.Forest == InputObject.Name, ["*"]); break;
            case "Agent": Find(one => Agent.Domains.Any(served => served.Status.Connector == one.Connector), ["*"]); break;
            default:
                var forest = WildcardPattern.Get(Forest, WildcardOptions.IgnoreCase);
                Find(one => forest.IsMatch(one.Forest), Name);
                break;
        }
    }

    private void Find(Func<ConnectorStatus, bool> within, string[] names)
    {
        var domains = Await(Daemon.Status).Connectors.Where(within).ToArray();
        foreach (var name in names)
        {
            var wanted = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = domains.Where(one => wanted.IsMatch(one.Domain)).ToArray();
            WriteObject(found, true);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) Tell(ModuleErrors.NotConfigured("domain", name), name);
        }
    }
}

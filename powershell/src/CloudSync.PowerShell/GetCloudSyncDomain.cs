using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets the domains that are read: when, from which domain controller, and what keeps one from being read.</summary>
/// <example><code>Get-CloudSyncDomain</code><para>Gets all domains.</para></example>
/// <example><code>Get-CloudSyncForest contoso | Get-CloudSyncDomain | Where-Object State -NE healthy</code><para>Gets the domains of a forest that were not read.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncDomain")]
[OutputType(typeof(ConnectorStatus))]
public sealed class GetCloudSyncDomain : DaemonCmdlet
{
    /// <summary>The DNS name of the domain. Wildcards are taken.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(DirectoryCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only domains of this forest.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DirectoryCompleter))]
    public string? Forest { get; set; }

    private protected override void Process()
    {
        var domains = Await(Daemon.Status).Connectors.Where(one => Forest is null || WildcardPattern.Get(Forest, WildcardOptions.IgnoreCase).IsMatch(one.Forest)).ToArray();
        foreach (var name in Name)
        {
            var wanted = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = domains.Where(one => wanted.IsMatch(one.Domain)).ToArray();
            WriteObject(found, true);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) Tell(ModuleErrors.NotConfigured("domain", name), name);
        }
    }
}

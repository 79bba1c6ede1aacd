using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets the forests that are read, and how their domains are.</summary>
/// <example><code>Get-CloudSyncForest</code><para>Gets all forests.</para></example>
/// <example><code>(Get-CloudSyncForest contoso).Domains.LastError</code><para>Shows what keeps the domains of a forest from being read.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncForest")]
[OutputType(typeof(Forest))]
public sealed class GetCloudSyncForest : DaemonCmdlet
{
    /// <summary>The forest's name in the configuration. Wildcards are taken.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Forest")]
    [ArgumentCompleter(typeof(DirectoryCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override void Process()
    {
        var forests = Forest.Of(Await(Daemon.Status)).ToArray();
        foreach (var name in Name)
        {
            var wanted = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = forests.Where(one => wanted.IsMatch(one.Name)).ToArray();
            WriteObject(found, true);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) Tell(ModuleErrors.NotConfigured("forest", name), name);
        }
    }
}

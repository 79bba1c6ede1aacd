using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets who reads the directories: where it runs, the domains it serves, and the domain controllers it speaks to.</summary>
/// <example><code>Get-CloudSyncAgent</code><para>Gets all agents.</para></example>
/// <example><code>(Get-CloudSyncAgent built-in).Domains.Controllers | Where-Object Failures -GT 0</code><para>Shows the domain controllers that do not answer.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncAgent")]
[OutputType(typeof(Agent))]
public sealed class GetCloudSyncAgent : DaemonCmdlet
{
    /// <summary>The agent's name. Wildcards are taken.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AgentCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override void Process()
    {
        var agents = Await(Daemon.Agents);
        foreach (var name in Name)
        {
            var wanted = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = agents.Where(one => wanted.IsMatch(one.Name)).ToArray();
            WriteObject(found, true);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) Tell(ModuleErrors.NotConfigured("agent", name), name);
        }
    }
}

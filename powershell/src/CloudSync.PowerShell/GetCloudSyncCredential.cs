using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Lists the secrets of the daemon's vault by name, and when each was set; never a secret itself.</summary>
/// <example><code>Get-CloudSyncCredential</code><para>Lists all.</para></example>
/// <example><code>Get-CloudSyncCredential | Where-Object SetAt -LT (Get-Date).AddYears(-1)</code><para>Finds those that are older than a year.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncCredential")]
[OutputType(typeof(StoredSecret))]
public sealed class GetCloudSyncCredential : DaemonCmdlet
{
    /// <summary>Only secrets of this name. Wildcards are taken.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override void Process()
    {
        var secrets = Await(Daemon.Secrets);
        foreach (var name in Name)
        {
            var wanted = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = secrets.Where(one => wanted.IsMatch(one.Name)).ToArray();
            WriteObject(found, true);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) Tell(ModuleErrors.SecretUnknown(name), name);
        }
    }
}

using System.Management.Automation;
using CloudSync.Services;

namespace CloudSync.Cmdlets;

/// <summary>Stops an installed daemon, and lets the operating system start it no more.</summary>
/// <remarks>Its data folder and configuration stay.</remarks>
/// <example><code>Uninstall-CloudSyncDaemon -Name cloudsync</code><para>Uninstalls the daemon of this name.</para></example>
[Cmdlet(VerbsLifecycle.Uninstall, "CloudSyncDaemon", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class UninstallCloudSyncDaemon : ServiceCmdlet
{
    /// <summary>The name it was installed by.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidatePattern(NamePattern)]
    public string Name { get; set; } = "";

    /// <summary>Whether it was installed for the machine or for this user.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ServiceScope Scope { get; set; }

    private protected override void Process()
    {
        Target = Name;
        if (!ShouldProcess($"daemon {Name}", "Uninstall")) return;
        Await(async cancel =>
        {
            await ServiceManager.Here().Uninstall(Name, Scope, cancel).ConfigureAwait(false);
            return true;
        });
    }
}

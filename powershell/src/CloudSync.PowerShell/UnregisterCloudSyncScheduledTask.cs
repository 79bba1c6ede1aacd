using System.Management.Automation;
using System.Runtime.InteropServices;
using CloudSync.Services;

namespace CloudSync.Cmdlets;

/// <summary>Removes a task that Register-CloudSyncScheduledTask made.</summary>
/// <example><code>Unregister-CloudSyncScheduledTask</code><para>Removes the task with the default name.</para></example>
[Cmdlet(VerbsLifecycle.Unregister, "CloudSyncScheduledTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class UnregisterCloudSyncScheduledTask : CloudSyncCmdlet
{
    /// <summary>The name of the task.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidatePattern(@"^[\w .()-]{1,100}$")]
    public string Name { get; set; } = "CloudSync cycle";

    private protected override void Process()
    {
        Target = Name;
        if (!ShouldProcess(Name, "Unregister the scheduled task")) return;
        if (!ServiceManager.IsOn(OSPlatform.Windows)) throw new CloudSyncException(ModuleErrors.NotOnThisSystem("Unregistering a scheduled task", "Windows"));
        Await(async cancel =>
        {
            await ScheduledTask.Unregister(Name, cancel).ConfigureAwait(false);
            return true;
        });
    }
}

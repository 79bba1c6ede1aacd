using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Lets go of a plan that was saved.</summary>
/// <remarks>The cycle that made it stays in the list of cycles; only its plan can no longer be carried out.</remarks>
/// <example><code>Get-CloudSyncCycle -Saved | Remove-CloudSyncPlan</code><para>Lets go of all saved plans.</para></example>
[Cmdlet(VerbsCommon.Remove, "CloudSyncPlan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Cycle))]
public sealed class RemoveCloudSyncPlan : DaemonCmdlet
{
    /// <summary>The number of the preview cycle that made it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(CycleIdCompleter))]
    public long CycleId { get; set; }

    private protected override void Process()
    {
        Target = CycleId;
        if (ShouldProcess($"the saved plan of cycle {CycleId}", "Remove")) WriteObject(Await(cancel => Daemon.SavePlan(CycleId, false, cancel)));
    }
}

using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Keeps the plan of a preview cycle, to be carried out later by Invoke-CloudSyncPlan.</summary>
/// <example><code>Save-CloudSyncPlan -CycleId 17</code><para>Keeps the plan of the preview with the number 17.</para></example>
/// <example><code>Start-CloudSyncCycle -WhatIf | Tee-Object -Variable plan; Get-CloudSyncCycle -Id $plan[0].CycleId | Save-CloudSyncPlan</code><para>Makes a plan, shows it, and keeps it.</para></example>
[Cmdlet(VerbsData.Save, "CloudSyncPlan", SupportsShouldProcess = true)]
[OutputType(typeof(Cycle))]
public sealed class SaveCloudSyncPlan : DaemonCmdlet
{
    /// <summary>The number of the preview cycle.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(CycleIdCompleter))]
    public long CycleId { get; set; }

    private protected override void Process()
    {
        Target = CycleId;
        if (ShouldProcess($"the plan of cycle {CycleId}", "Save")) WriteObject(Await(cancel => Daemon.SavePlan(CycleId, true, cancel)));
    }
}

using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Carries out a plan that was saved, as it was shown.</summary>
/// <remarks>
/// The daemon reads the directories and plans anew, and refuses where that plan is not the saved one: what was looked
/// at is what is done. With -WhatIf the operations of the saved plan come out as objects.
/// </remarks>
/// <example><code>Get-CloudSyncCycle -Saved | Invoke-CloudSyncPlan -Wait</code><para>Carries out the plan that was saved.</para></example>
/// <example><code>Invoke-CloudSyncPlan -CycleId 17 -WhatIf</code><para>Shows the plan that cycle 17, a preview, made.</para></example>
[Cmdlet(VerbsLifecycle.Invoke, "CloudSyncPlan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Cycle), typeof(PlannedOperation))]
public sealed class InvokeCloudSyncPlan : CycleStartCmdlet
{
    /// <summary>The number of the preview cycle that made the plan.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(CycleIdCompleter))]
    public long CycleId { get; set; }

    private protected override void Process()
    {
        Target = CycleId;
        var plan = Await(cancel => Daemon.Plan(CycleId, cancel));
        if (Confirmed($"Carry out the plan of cycle {CycleId} ({plan.InState("planned")})", out var whatIf)) Start(new CycleStart(plan.Cycle.Type, plan: plan.Cycle));
        else if (whatIf) WritePages(Daemon.Operations(CycleId, null, null, PageSize));
    }
}

using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Takes back what a cycle did to the tenant.</summary>
/// <remarks>
/// Starts a cycle that brings the objects of the former one back to what they were before it: what was created is
/// removed, what was deleted is restored, what was changed is changed back. The objects then stay as they are until
/// their directory changes again or they are released by Clear-CloudSyncQuarantine -Identity.
///
/// With -WhatIf the operations it would do come out as objects, and nothing is written.
/// </remarks>
/// <example><code>Undo-CloudSyncCycle -Id 17 -WhatIf</code><para>Shows what would be taken back.</para></example>
/// <example><code>Get-CloudSyncCycle -Id 17 | Undo-CloudSyncCycle -Wait</code><para>Takes it back, and waits until that is done.</para></example>
[Cmdlet(VerbsCommon.Undo, "CloudSyncCycle", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Cycle), typeof(PlannedOperation))]
public sealed class UndoCloudSyncCycle : CycleStartCmdlet
{
    /// <summary>The number of the cycle to take back.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("CycleId")]
    [ArgumentCompleter(typeof(CycleIdCompleter))]
    public long Id { get; set; }

    private protected override void Process()
    {
        Target = Id;
        StartOrPreview($"Undo cycle {Id}", new CycleStart(CycleType.Undo, undo: Id), new CycleStart(CycleType.Undo, preview: true, undo: Id));
    }
}

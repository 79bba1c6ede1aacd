using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Approves what the guards hold.</summary>
/// <remarks>
/// Approved operations go out with the next cycle that plans them unchanged. What is approved is named by the digest of
/// the cycle that was looked at: where something else is held by now, the daemon refuses, and nothing is approved.
///
/// With -WhatIf the operations that would be approved come out as objects.
/// </remarks>
/// <example><code>Get-CloudSyncCycle -First 1 | Approve-CloudSyncPlan</code><para>Approves all that is held of the newest cycle.</para></example>
/// <example><code>Get-CloudSyncCycle -First 1 | Approve-CloudSyncPlan -HeldBy deletes -WhatIf</code><para>Shows what the accidental-delete guard holds.</para></example>
/// <example><code>Get-CloudSyncPlan -State Held | Where-Object DisplayName -Like 'Temp*' | Approve-CloudSyncPlan</code><para>Approves single operations.</para></example>
[Cmdlet(VerbsLifecycle.Approve, "CloudSyncPlan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Decision), typeof(PlannedOperation))]
public sealed class ApproveCloudSyncPlan : DecisionCmdlet
{
    private protected override string Verdict => "Approve";
}

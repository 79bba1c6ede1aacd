using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Denies what the guards hold.</summary>
/// <remarks>
/// The objects stay as they are in the tenant until they should become something else again, or are released by
/// Clear-CloudSyncQuarantine -Identity. With -WhatIf the operations that would be denied come out as objects.
/// </remarks>
/// <example><code>Get-CloudSyncCycle -First 1 | Deny-CloudSyncPlan</code><para>Denies all that is held of the newest cycle.</para></example>
/// <example><code>Get-CloudSyncPlan -State Held -Type delete | Deny-CloudSyncPlan</code><para>Denies single operations.</para></example>
[Cmdlet(VerbsLifecycle.Deny, "CloudSyncPlan", SupportsShouldProcess = true)]
[OutputType(typeof(Decision), typeof(PlannedOperation))]
public sealed class DenyCloudSyncPlan : DecisionCmdlet
{
    private protected override string Verdict => "Deny";
}

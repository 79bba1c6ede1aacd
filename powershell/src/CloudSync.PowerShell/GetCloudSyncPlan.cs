using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets the operations a cycle has planned, with cause and state.</summary>
/// <remarks>Without -CycleId the newest cycle's plan is shown. Start-CloudSyncCycle -WhatIf makes a plan without doing anything.</remarks>
/// <example><code>Get-CloudSyncPlan</code><para>Shows what the newest cycle does or did.</para></example>
/// <example><code>Get-CloudSyncCycle -Id 17 | Get-CloudSyncPlan -State Failed | Format-List</code><para>Shows what failed in a cycle, and why.</para></example>
/// <example><code>Get-CloudSyncPlan -State Held -Type delete</code><para>Shows the deletions that wait for a person.</para></example>
/// <example><code>(Get-CloudSyncPlan -Summary).ByCause</code><para>Counts the operations of the newest cycle by cause.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncPlan", DefaultParameterSetName = "Operations")]
[OutputType(typeof(PlannedOperation), typeof(PlanSummary))]
public sealed class GetCloudSyncPlan : DaemonCmdlet
{
    /// <summary>The number of the cycle.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(CycleIdCompleter))]
    public long? CycleId { get; set; }

    /// <summary>Only operations in this state.</summary>
    [Parameter(ParameterSetName = "Operations")]
    [ValidateSet("Planned", "Held", "Sent", "Done", "Failed", "Unknown")]
    public string? State { get; set; }

    /// <summary>Only operations of this type.</summary>
    [Parameter(ParameterSetName = "Operations")]
    [ArgumentCompleter(typeof(OperationTypeCompleter))]
    public string? Type { get; set; }

    /// <summary>The plan in numbers: by kind, state, cause, forest, organizational unit and group.</summary>
    [Parameter(ParameterSetName = "Summary", Mandatory = true)]
    public SwitchParameter Summary { get; set; }

    private protected override void Process()
    {
        Target = CycleId;
        if ((CycleId ?? Newest()) is not { } id) return;
        if (Summary) WriteObject(Await(cancel => Daemon.Plan(id, cancel)));
        else WritePages(Daemon.Operations(id, State is null ? null : Word<OperationState>(State), Type, PageSize));
    }

    private long? Newest()
    {
        var newest = Await(Daemon.Cycles(1).Next);
        return newest.Count == 0 ? null : newest[0].Id;
    }
}

using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Starts a cycle: reads what changed in the directories and brings the tenant in step.</summary>
/// <remarks>
/// With -WhatIf the daemon runs a preview cycle, which reads and plans with the very code that a cycle runs and writes
/// nothing to the tenant; the operations it would do come out as objects.
///
/// With -Wait the cmdlet shows progress and gives the cycle once it has ended; a cycle that did not succeed is then an
/// error with the daemon's code as well. Ctrl+C ends the waiting, not the cycle.
/// </remarks>
/// <example><code>Start-CloudSyncCycle</code><para>Starts a delta cycle and gives it while it runs.</para></example>
/// <example><code>Start-CloudSyncCycle -Type Full -Wait</code><para>Reads everything again, and waits for the end with a progress bar.</para></example>
/// <example><code>Start-CloudSyncCycle -WhatIf | Where-Object Type -EQ delete</code><para>Shows what a cycle would delete. Nothing is written.</para></example>
[Cmdlet(VerbsLifecycle.Start, "CloudSyncCycle", SupportsShouldProcess = true)]
[OutputType(typeof(Cycle), typeof(PlannedOperation))]
public sealed class StartCloudSyncCycle : CycleStartCmdlet
{
    /// <summary>Delta reads what has changed since the last cycle, Full reads everything again. Delta by default.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Delta", "Full")]
    public string Type { get; set; } = "Delta";

    private protected override void Process()
    {
        Target = Daemon.Address;
        var type = Word<CycleType>(Type);
        StartOrPreview($"Start a {Type.ToLowerInvariant()} cycle", new CycleStart(type), new CycleStart(type, preview: true));
    }
}

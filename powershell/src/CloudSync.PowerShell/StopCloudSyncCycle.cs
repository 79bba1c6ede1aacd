using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Stops a running cycle.</summary>
/// <remarks>
/// The cycle ends cleanly at the next safe point and keeps what it has done; the next one goes on from there. Without
/// -Id the cycle that runs now is stopped.
/// </remarks>
/// <example><code>Stop-CloudSyncCycle</code><para>Stops the cycle that runs now.</para></example>
/// <example><code>Start-CloudSyncCycle -Type Full | Stop-CloudSyncCycle -WhatIf</code><para>Says which cycle would be stopped.</para></example>
[Cmdlet(VerbsLifecycle.Stop, "CloudSyncCycle", SupportsShouldProcess = true)]
[OutputType(typeof(Cycle))]
public sealed class StopCloudSyncCycle : DaemonCmdlet
{
    /// <summary>The number of the cycle.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("CycleId")]
    [ArgumentCompleter(typeof(CycleIdCompleter))]
    public long? Id { get; set; }

    private protected override void Process()
    {
        var id = Id ?? Await(Daemon.Status).Running?.Id;
        Target = id;
        if (id is null) WriteVerbose("No cycle is running.");
        else if (ShouldProcess($"cycle {id}", "Stop")) WriteObject(Await(cancel => Daemon.StopCycle(id.Value, cancel)));
    }
}

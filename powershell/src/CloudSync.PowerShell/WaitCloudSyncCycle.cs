using System;
using System.Management.Automation;
using System.Threading;

namespace CloudSync.Cmdlets;

/// <summary>Waits until a cycle has ended, with progress.</summary>
/// <remarks>
/// Gives the cycle as it ended; one that did not succeed is an error with the daemon's code as well. Without -Id it
/// waits for the cycle that runs now, and gives nothing where none does. Ctrl+C ends the waiting, not the cycle.
/// </remarks>
/// <example><code>Wait-CloudSyncCycle</code><para>Waits for the cycle that runs now.</para></example>
/// <example><code>Start-CloudSyncCycle | Wait-CloudSyncCycle -Timeout 00:10:00</code><para>Waits for ten minutes at most.</para></example>
[Cmdlet(VerbsLifecycle.Wait, "CloudSyncCycle")]
[OutputType(typeof(Cycle))]
public sealed class WaitCloudSyncCycle : DaemonCmdlet
{
    /// <summary>The number of the cycle.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("CycleId")]
    [ArgumentCompleter(typeof(CycleIdCompleter))]
    public long? Id { get; set; }

    /// <summary>How long to wait at most. The cycle then goes on, and an error says so.</summary>
    [Parameter]
    public TimeSpan? Timeout { get; set; }

    private protected override void Process()
    {
        var cycle = Id is null ? Await(Daemon.Status).Running : Await(cancel => Daemon.Cycle(Id.Value, cancel));
        Target = cycle;
        if (cycle is null)
        {
            WriteVerbose("No cycle is running.");
            return;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        if (Timeout is not null) limit.CancelAfter(Timeout.Value);
        try
        {
            CycleWait.WriteEnded(this, CycleWait.ForEnd(this, Daemon, cycle, limit.Token));
        }
        catch (OperationCanceledException)
        {
            Tell(ModuleErrors.StillRunning(cycle, Timeout!.Value), cycle);
        }
    }
}

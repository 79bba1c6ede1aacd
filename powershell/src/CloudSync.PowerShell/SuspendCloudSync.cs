using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Lets no cycle begin by itself any more, until Resume-CloudSync.</summary>
/// <remarks>A cycle that runs goes on; Stop-CloudSyncCycle stops it. Start-CloudSyncCycle still starts one. It outlives a restart of the daemon.</remarks>
/// <example><code>Suspend-CloudSync -Reason 'Domain controllers are being moved until Friday'</code><para>Suspends the schedule, and says why to whoever asks for the status.</para></example>
[Cmdlet(VerbsLifecycle.Suspend, "CloudSync", SupportsShouldProcess = true)]
[OutputType(typeof(Schedule))]
public sealed class SuspendCloudSync : WholeDaemonCmdlet
{
    /// <summary>Why, for whoever asks for the status.</summary>
    [Parameter(Position = 0)]
    public string? Reason { get; set; }

    private protected override void ProcessDaemon()
    {
        if (ShouldProcess(Daemon.Address.ToString(), "Suspend the schedule")) WriteObject(Await(cancel => Daemon.Suspend(Reason, cancel)));
    }
}

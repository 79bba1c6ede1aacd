using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Lets cycles begin by themselves again, after Suspend-CloudSync.</summary>
/// <example><code>Resume-CloudSync</code><para>Resumes the schedule. A cycle that is overdue starts at once.</para></example>
[Cmdlet(VerbsLifecycle.Resume, "CloudSync", SupportsShouldProcess = true)]
[OutputType(typeof(Schedule))]
public sealed class ResumeCloudSync : WholeDaemonCmdlet
{
    private protected override void ProcessDaemon()
    {
        if (ShouldProcess(Daemon.Address.ToString(), "Resume the schedule")) WriteObject(Await(Daemon.Resume));
    }
}

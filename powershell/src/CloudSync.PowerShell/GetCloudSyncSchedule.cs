using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Shows when cycles run by themselves, and the next one.</summary>
/// <example><code>Get-CloudSyncSchedule</code><para>Shows the intervals, whether the daemon is suspended, and when the next cycle starts.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncSchedule")]
[OutputType(typeof(Schedule))]
public sealed class GetCloudSyncSchedule : WholeDaemonCmdlet
{
    private protected override void ProcessDaemon() => WriteObject(Await(Daemon.Schedule));
}

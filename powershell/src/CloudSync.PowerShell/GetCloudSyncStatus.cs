using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Shows how the daemon, its directories and its tenant are.</summary>
/// <remarks>
/// Says which domains are read and when they last were, how many objects of each kind there are, what the last cycle
/// did and how far the running one is. It is answered at once, also while a cycle runs.
/// </remarks>
/// <example><code>Get-CloudSyncStatus</code><para>Shows the status.</para></example>
/// <example><code>(Get-CloudSyncStatus).Connectors | Where-Object State -EQ failing</code><para>Shows the domains that cannot be read.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncStatus")]
[OutputType(typeof(DaemonStatus))]
public sealed class GetCloudSyncStatus : WholeDaemonCmdlet
{
    private protected override void ProcessDaemon() => WriteObject(Await(Daemon.Status));
}

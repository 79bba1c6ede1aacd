using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Takes the passwords that changed to the tenant at once.</summary>
/// <remarks>The daemon does this by itself every two minutes, beside the cycles. Needs a tenant that is written by the synchronization service.</remarks>
/// <example><code>Sync-CloudSyncPassword</code><para>Does not wait for the next run.</para></example>
[Cmdlet(VerbsData.Sync, "CloudSyncPassword", SupportsShouldProcess = true)]
[OutputType(typeof(PasswordRun))]
public sealed class SyncCloudSyncPassword : WholeDaemonCmdlet
{
    private protected override void ProcessDaemon()
    {
        Target = Daemon.Address;
        if (!ShouldProcess(Daemon.Address.ToString(), "Synchronize the passwords that changed")) return;
        var run = WithProgress("Synchronizing passwords", $"{Daemon.Address}", () => Await(Daemon.SyncPasswords));
        WriteObject(run);
        foreach (var failed in run.Errors) Tell(failed.Error, failed.Connector);
    }
}

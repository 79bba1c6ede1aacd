using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Checks that nobody has changed the provisioning log: each entry carries a digest of the one before.</summary>
/// <remarks>Gives true where the log is whole. Where it is not, gives false, and an error names the first entry that was changed.</remarks>
/// <example><code>Test-CloudSyncProvisioningLog</code><para>Checks the whole log.</para></example>
[Cmdlet(VerbsDiagnostic.Test, "CloudSyncProvisioningLog")]
[OutputType(typeof(bool))]
public sealed class TestCloudSyncProvisioningLog : WholeDaemonCmdlet
{
    private protected override void ProcessDaemon()
    {
        var broken = WithProgress("Checking the provisioning log", $"{Daemon.Address}", () => Await(Daemon.VerifyProvisioningLog));
        WriteObject(broken is null);
        if (broken is not null) Tell(ModuleErrors.LogChanged(broken.Value), broken);
    }
}

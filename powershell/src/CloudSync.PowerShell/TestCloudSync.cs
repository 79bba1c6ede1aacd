using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Checks all that has to be right for the tenant to be in step, and says for each what to do.</summary>
/// <remarks>
/// Looks at the daemon and its schedule, the tenant, each domain, the configuration, the last cycle, the objects and the
/// provisioning log; and from where the daemon runs at each domain controller (is it reached, trusted and signed in to, is its
/// clock right, may the account replicate, with passwords where they are synced), at the tenant and the permissions it
/// grants, and at the room on disk. Gives one result each; with -Quiet, whether all passed. Warnings are things that
/// work and that somebody should look at: they pass with -Quiet.
///
/// Each run signs in anew, to every domain controller and to the tenant: with a password that is wrong it counts towards the
/// lockout of the account, so run it again only after the password was corrected.
/// </remarks>
/// <example><code>Test-CloudSync</code><para>Checks everything.</para></example>
/// <example><code>Test-CloudSync | Where-Object Outcome -NE Passed | Format-List</code><para>Shows what does not pass, and what to do.</para></example>
/// <example><code>if (-not (Test-CloudSync -Quiet)) { exit 1 }</code><para>Tells a monitoring system.</para></example>
[Cmdlet(VerbsDiagnostic.Test, "CloudSync")]
[OutputType(typeof(CheckResult), typeof(bool))]
public sealed class TestCloudSync : WholeDaemonCmdlet
{
    /// <summary>Gives only whether nothing failed.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void ProcessDaemon()
    {
        var passed = true;
        foreach (var (_, results) in Await($"Checking {Daemon.Address}", [.. new HealthCheck(Daemon, ModuleVersion).Steps()]))
        {
            foreach (var result in results)
            {
                passed &= result.Outcome != CheckOutcome.Failed;
                if (!Quiet) WriteObject(result);
            }
        }
        if (Quiet) WriteObject(passed);
    }
}

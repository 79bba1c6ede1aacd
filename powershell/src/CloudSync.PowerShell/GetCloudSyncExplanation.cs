using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Explains why an object is as it is, what the next cycle would do with it, and what was done with it so far.</summary>
/// <example><code>Get-CloudSyncExplanation ada@corp.contoso.test</code><para>Explains one user.</para></example>
/// <example><code>Get-CloudSyncError -Scope user | Get-CloudSyncExplanation</code><para>Explains every user that has an error.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncExplanation", DefaultParameterSetName = "Identity")]
[OutputType(typeof(Explanation))]
public sealed class GetCloudSyncExplanation : IdentityCmdlet
{
    private protected override void Process(string identity) => WriteObject(Ask(identity, Daemon.Explain));
}

using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Ends this session's connection to the daemon.</summary>
/// <remarks>The daemon and its cycles go on. Without a connection this does nothing.</remarks>
/// <example><code>Disconnect-CloudSync</code><para>Forgets the daemon and its token.</para></example>
[Cmdlet(VerbsCommunications.Disconnect, "CloudSync")]
[OutputType(typeof(void))]
public sealed class DisconnectCloudSync : CloudSyncCmdlet
{
    private protected override void Process() => Session.Forget()?.Dispose();
}

using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Lets go of a secret of the daemon's vault.</summary>
/// <remarks>A configuration that still refers to it stops working with the next start.</remarks>
/// <example><code>Remove-CloudSyncCredential corp</code><para>Lets go of one secret.</para></example>
[Cmdlet(VerbsCommon.Remove, "CloudSyncCredential", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveCloudSyncCredential : DaemonCmdlet
{
    /// <summary>Its name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    private protected override void Process()
    {
        foreach (var name in Name)
        {
            Target = name;
            if (ShouldProcess(name, "Remove the secret")) Await(cancel => Daemon.RemoveSecret(name, cancel));
        }
    }
}

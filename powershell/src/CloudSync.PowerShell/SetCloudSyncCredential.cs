using System.Management.Automation;
using System.Security;

namespace CloudSync.Cmdlets;

/// <summary>Keeps a password or secret in the daemon's vault, encrypted.</summary>
/// <remarks>
/// The configuration refers to it as { vault: NAME }, for a domain's account or the tenant's application. A secret is
/// taken as a credential or a secure string, never as plain text. One that is kept by this name already is replaced.
/// </remarks>
/// <example><code>Set-CloudSyncCredential corp -Credential (Get-Credential svc@corp.contoso.test)</code><para>Keeps the password of the account that reads a domain.</para></example>
/// <example><code>Set-CloudSyncCredential tenant -Secret (Read-Host -AsSecureString)</code><para>Keeps the client secret of the tenant's application.</para></example>
[Cmdlet(VerbsCommon.Set, "CloudSyncCredential", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = "Credential")]
[OutputType(typeof(StoredSecret))]
public sealed class SetCloudSyncCredential : DaemonCmdlet
{
    /// <summary>The name the configuration refers to it by.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The credential whose password is kept.</summary>
    [Parameter(ParameterSetName = "Credential", Mandatory = true, Position = 1, ValueFromPipeline = true)]
    public PSCredential Credential { get; set; } = null!;

    /// <summary>The secret.</summary>
    [Parameter(ParameterSetName = "Secret", Mandatory = true)]
    public SecureString Secret { get; set; } = null!;

    private protected override void Process()
    {
        Target = Name;
        if (ShouldProcess(Name, "Keep the secret")) WriteObject(Await(cancel => Daemon.SetSecret(Name, Credential?.Password ?? Secret, cancel)));
    }
}

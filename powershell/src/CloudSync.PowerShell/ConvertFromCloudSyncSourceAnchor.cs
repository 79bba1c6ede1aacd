using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Reads a source anchor as the tenant holds it, and gives the GUID it stands for.</summary>
/// <remarks>
/// Takes onPremisesImmutableId, the distinguished name of Entra Connect's connector space (CN={514635...}) and a GUID.
/// No daemon is needed.
/// </remarks>
/// <example><code>(ConvertFrom-CloudSyncSourceAnchor "CT7rKPwsikWtLKonW9x5Gg==").Guid</code><para>Gives the objectGUID, or mS-DS-ConsistencyGuid, of an anchor.</para></example>
/// <example><code>Get-MgUser -All -Property OnPremisesImmutableId | ConvertFrom-CloudSyncSourceAnchor</code><para>Takes users of the Microsoft Graph module.</para></example>
[Cmdlet(VerbsData.ConvertFrom, "CloudSyncSourceAnchor")]
[OutputType(typeof(SourceAnchor))]
public sealed class ConvertFromCloudSyncSourceAnchor : CloudSyncCmdlet
{
    /// <summary>The anchor.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("OnPremisesImmutableId", "ImmutableId", "SourceAnchor")]
    [ValidateNotNullOrEmpty]
    public string[] Anchor { get; set; } = [];

    private protected override void Process()
    {
        foreach (var text in Anchor)
        {
            if (SourceAnchor.TryParse(text) is { } anchor) WriteObject(anchor);
            else Tell(ModuleErrors.NotAnAnchor(text), text);
        }
    }
}

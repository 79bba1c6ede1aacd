using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>A cmdlet about one object, which is given by any of its names.</summary>
public abstract class IdentityCmdlet : DaemonCmdlet
{
    /// <summary>Any name of the object: user principal name, mail address, DN, source anchor, tenant id or objectGUID; which one it is shows by its form. A GUID is looked for in the tenant first, then in Active Directory.</summary>
    [Parameter(ParameterSetName = "Identity", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Anchor", "DistinguishedName")]
    [ArgumentCompleter(typeof(IdentityCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Identity { get; set; } = [];

    private protected override void Process()
    {
        foreach (var identity in Identity)
        {
            Target = identity;
            try
            {
                Process(identity);
            }
            catch (CloudSyncException error) when (error.Status == 404)
            {
                WriteError(ErrorTable.Record(error, identity));
            }
        }
    }

    private protected abstract void Process(string identity);
}

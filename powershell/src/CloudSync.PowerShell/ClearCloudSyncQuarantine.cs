using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Ends waiting: the next cycle tries again what kept failing.</summary>
/// <remarks>
/// A domain or tenant that keeps failing is tried ever more rarely, and so is an object that the tenant refused. This
/// lets them be tried at once. With -Identity an object that was denied or undone follows its directory again, too.
/// </remarks>
/// <example><code>Clear-CloudSyncQuarantine</code><para>Lets everything be tried again.</para></example>
/// <example><code>Clear-CloudSyncQuarantine -Tenant</code><para>Lets the tenant be tried again.</para></example>
/// <example><code>Clear-CloudSyncQuarantine -Object</code><para>Lets every object that the tenant refused be tried again.</para></example>
/// <example><code>Get-CloudSyncDomain | Where-Object State -EQ quarantined | Clear-CloudSyncQuarantine</code><para>Lets domains be tried again.</para></example>
/// <example><code>Get-CloudSyncError -Scope user | Clear-CloudSyncQuarantine</code><para>Lets what an error is about be tried again: an object, a domain or the tenant.</para></example>
/// <example><code>Clear-CloudSyncQuarantine -Identity ada@corp.contoso.test</code><para>Lets one object follow its directory again.</para></example>
[Cmdlet(VerbsCommon.Clear, "CloudSyncQuarantine", SupportsShouldProcess = true, DefaultParameterSetName = "All")]
[OutputType(typeof(DaemonStatus), typeof(ObjectInfo))]
public sealed class ClearCloudSyncQuarantine : DaemonCmdlet
{
    /// <summary>Only the tenant.</summary>
    [Parameter(ParameterSetName = "Tenant", Mandatory = true)]
    public SwitchParameter Tenant { get; set; }

    /// <summary>Only objects that the tenant refused, all of them.</summary>
    [Parameter(ParameterSetName = "Object", Mandatory = true)]
    public SwitchParameter Object { get; set; }

    /// <summary>Only the domain with this connector: forest/domain.</summary>
    [Parameter(ParameterSetName = "Connector", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DirectoryCompleter))]
    public string Connector { get; set; } = "";

    /// <summary>Only this object, by any of its names.</summary>
    [Parameter(ParameterSetName = "Identity", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Anchor", "DistinguishedName")]
    [ArgumentCompleter(typeof(IdentityCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Identity { get; set; } = [];

    /// <summary>What this error is about, from Get-CloudSyncError.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public SyncError InputObject { get; set; } = null!;

    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case "Tenant": Clear("the tenant", "tenant"); break;
            case "Object": Clear("all objects", "objects"); break;
            case "Connector": Clear(Connector, "connector", Connector); break;
            case "Identity": foreach (var identity in Identity) Release(identity); break;
            case "InputObject": ClearWhatFailed(InputObject); break;
            default: Clear("everything", "all"); break;
        }
    }

    private void ClearWhatFailed(SyncError error)
    {
        if (error.Connector is { } connector) Clear(connector, "connector", connector);
        else if (error.Identity is { } identity) Release(identity);
        else Clear("the tenant", "tenant");
    }

    private void Clear(string what, string scope, string? connector = null)
    {
        Target = what;
        if (ShouldProcess(what, "Clear the quarantine")) WriteObject(Await(cancel => Daemon.ClearQuarantine(scope, connector, cancel)));
    }

    private void Release(string identity)
    {
        Target = identity;
        if (ShouldProcess(identity, "Release")) WriteObject(Ask(identity, Daemon.Release));
    }
}

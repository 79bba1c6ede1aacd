using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets an object and all that is known of it, or the objects that take no part.</summary>
/// <remarks>
/// Says what the directories hold of the object, whether it takes part and why, what should be in the tenant and which
/// mapping gave each value, what is known to be in the tenant, and what keeps the two apart.
/// </remarks>
/// <example><code>Get-CloudSyncObject ada@corp.contoso.test</code><para>Finds an object by any of its names: user principal name, DN, source anchor, tenant id or objectGUID.</para></example>
/// <example><code>Get-ADUser ada | Get-CloudSyncObject</code><para>Takes objects of the ActiveDirectory module, by their DN.</para></example>
/// <example><code>Get-CloudSyncObject -Anchor "CT7rKPwsikWtLKonW9x5Gg=="</code><para>Finds an object by its source anchor alone.</para></example>
/// <example><code>Get-CloudSyncObject -DistinguishedName "CN=Ada,OU=People,DC=corp,DC=contoso,DC=test"</code><para>Finds an object by its DN, in or out of scope.</para></example>
/// <example><code>Get-CloudSyncObject -UserPrincipalName ada@corp.contoso.test</code><para>Finds a user by its user principal name alone.</para></example>
/// <example><code>Get-CloudSyncObject -TenantId 5f0e2a4d-6a5c-4f0b-9a57-0d2f6f6b2a11</code><para>Finds an object by its id in the tenant.</para></example>
/// <example><code>Get-CloudSyncObject -ObjectGuid 28eb3e09-2cfc-458a-ad2c-aa275bdc791a</code><para>Finds an object by its GUID in Active Directory.</para></example>
/// <example><code>Get-CloudSyncObject -Skipped | Group-Object { $_.Reason.Code } -NoElement</code><para>Counts the objects that take no part, by reason.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncObject", DefaultParameterSetName = "Identity")]
[OutputType(typeof(ObjectInfo))]
public sealed class GetCloudSyncObject : DaemonCmdlet
{
    /// <summary>Any name of the object; which one it is shows by its form. A GUID is looked for in the tenant first, then in Active Directory.</summary>
    [Parameter(ParameterSetName = "Identity", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Identity { get; set; } = [];

    /// <summary>The source anchor: base64 of 16 bytes.</summary>
    [Parameter(ParameterSetName = "Anchor", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Anchor { get; set; } = "";

    /// <summary>The distinguished name in Active Directory.</summary>
    [Parameter(ParameterSetName = "DistinguishedName", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("dn")]
    [ValidateNotNullOrEmpty]
    public string DistinguishedName { get; set; } = "";

    /// <summary>The user principal name.</summary>
    [Parameter(ParameterSetName = "UserPrincipalName", Mandatory = true)]
    [Alias("upn")]
    [ValidateNotNullOrEmpty]
    public string UserPrincipalName { get; set; } = "";

    /// <summary>The object's id in the tenant.</summary>
    [Parameter(ParameterSetName = "TenantId", Mandatory = true)]
    public System.Guid TenantId { get; set; }

    /// <summary>The object's GUID in Active Directory.</summary>
    [Parameter(ParameterSetName = "ObjectGuid", Mandatory = true)]
    public System.Guid ObjectGuid { get; set; }

    /// <summary>All objects of the directories that take no part, each with its reason.</summary>
    [Parameter(ParameterSetName = "Skipped", Mandatory = true)]
    public SwitchParameter Skipped { get; set; }

    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case "Anchor": Find(new ObjectName("anchor", Anchor)); break;
            case "DistinguishedName": Find(new ObjectName("dn", DistinguishedName)); break;
            case "UserPrincipalName": Find(new ObjectName("userPrincipalName", UserPrincipalName)); break;
            case "TenantId": Find(new ObjectName("tenantId", TenantId.ToString())); break;
            case "ObjectGuid": Find(new ObjectName("objectGuid", ObjectGuid.ToString())); break;
            case "Skipped": WritePages(Daemon.Skipped(200)); break;
            default:
                foreach (var identity in Identity) Find(ObjectName.Guess(identity).ToArray());
                break;
        }
    }

    private void Find(params ObjectName[] names)
    {
        foreach (var name in names)
        {
            if (Await(cancel => Daemon.Object(name, cancel)) is not { } found) continue;
            WriteObject(found);
            return;
        }
        Tell(ModuleErrors.ObjectNotFound(names[0].Value), names[0].Value);
    }
}

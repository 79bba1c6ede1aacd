using System;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets objects and all that is known of them: one by its name, all, or those in a state.</summary>
/// <remarks>
/// Says what the directories hold of the object, whether it takes part and why, what should be in the tenant and which
/// mapping gave each value, what is known to be in the tenant, and what keeps the two apart.
/// </remarks>
/// <example><code>Get-CloudSyncObject ada@corp.contoso.test</code><para>Finds an object by any of its names: user principal name, mail address, DN, source anchor, tenant id or objectGUID.</para></example>
/// <example><code>Get-ADUser ada | Get-CloudSyncObject</code><para>Takes objects of the ActiveDirectory module, by their DN.</para></example>
/// <example><code>Get-CloudSyncObject -SourceAnchor "CT7rKPwsikWtLKonW9x5Gg=="</code><para>Finds an object by its source anchor alone.</para></example>
/// <example><code>Get-CloudSyncObject 'CN=Ada,OU=People,DC=corp,DC=contoso,DC=test'</code><para>Finds an object by its DN, in or out of scope.</para></example>
/// <example><code>Get-CloudSyncObject -Mail ada@contoso.test</code><para>Finds an object by a mail address.</para></example>
/// <example><code>Get-CloudSyncObject -UserPrincipalName ada@corp.contoso.test</code><para>Finds a user by its user principal name alone.</para></example>
/// <example><code>Get-CloudSyncObject -TenantId 5f0e2a4d-6a5c-4f0b-9a57-0d2f6f6b2a11</code><para>Finds an object by its id in the tenant.</para></example>
/// <example><code>Get-CloudSyncObject -ObjectGuid 28eb3e09-2cfc-458a-ad2c-aa275bdc791a</code><para>Finds an object by its GUID in Active Directory.</para></example>
/// <example><code>Get-CloudSyncObject -Kind user -State Pending | Format-Table</code><para>Gets the users that the next cycles bring into step.</para></example>
/// <example><code>Get-CloudSyncObject -SearchString ada</code><para>Gets the objects whose display name, user principal name or mail address begins so.</para></example>
/// <example><code>Get-CloudSyncDomain corp.contoso.test | Get-CloudSyncObject -State Failed</code><para>Gets the objects of one domain that the tenant refuses.</para></example>
/// <example><code>Get-CloudSyncObject -Skipped -Reason serviceAccount</code><para>Gets the objects that take no part since they are service accounts.</para></example>
/// <example><code>Get-CloudSyncObject -Skipped | Group-Object { $_.Reason.Code } -NoElement</code><para>Counts the objects that take no part, by reason.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncObject", DefaultParameterSetName = "List")]
[OutputType(typeof(ObjectInfo))]
public sealed class GetCloudSyncObject : IdentityCmdlet
{
    /// <summary>The source anchor: base64 of 16 bytes.</summary>
    [Parameter(ParameterSetName = "SourceAnchor", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string SourceAnchor { get; set; } = "";

    /// <summary>The user principal name.</summary>
    [Parameter(ParameterSetName = "UserPrincipalName", Mandatory = true)]
    [Alias("upn")]
    [ArgumentCompleter(typeof(IdentityCompleter))]
    [ValidateNotNullOrEmpty]
    public string UserPrincipalName { get; set; } = "";

    /// <summary>The object's id in the tenant.</summary>
    [Parameter(ParameterSetName = "TenantId", Mandatory = true)]
    public Guid TenantId { get; set; }

    /// <summary>The object's GUID in Active Directory.</summary>
    [Parameter(ParameterSetName = "ObjectGuid", Mandatory = true)]
    [GuidTransformation]
    public Guid ObjectGuid { get; set; }

    /// <summary>A mail address of the object.</summary>
    [Parameter(ParameterSetName = "Mail", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Mail { get; set; } = "";

    /// <summary>What a name, mail address or DN of the object begins with, or any of its names as a whole.</summary>
    [Parameter(ParameterSetName = "List")]
    [ValidateNotNullOrEmpty]
    public string? SearchString { get; set; }

    /// <summary>Only objects in this state.</summary>
    [Parameter(ParameterSetName = "List")]
    [ValidateSet("Synced", "Pending", "OutOfScope", "Unsupported", "Held", "Failed", "Deleted")]
    public string? State { get; set; }

    /// <summary>Only objects of this forest.</summary>
    [Parameter(ParameterSetName = "List", ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DirectoryCompleter))]
    public string? Forest { get; set; }

    /// <summary>Only objects of this domain.</summary>
    [Parameter(ParameterSetName = "List", ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DirectoryCompleter))]
    public string? Domain { get; set; }

    /// <summary>Only objects of this kind.</summary>
    [Parameter(ParameterSetName = "List")]
    [Parameter(ParameterSetName = "Skipped")]
    [ValidateSet("user", "group", "contact", "device")]
    public string? Kind { get; set; }

    /// <summary>All objects of the directories that take no part, each with its reason.</summary>
    [Parameter(ParameterSetName = "Skipped", Mandatory = true)]
    public SwitchParameter Skipped { get; set; }

    /// <summary>Only objects that take no part for this reason, by its code.</summary>
    [Parameter(ParameterSetName = "Skipped")]
    [ValidatePattern("^[A-Za-z]+$")]
    public string? Reason { get; set; }

    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case "SourceAnchor": Find("anchor", SourceAnchor); break;
            case "UserPrincipalName": Find("userPrincipalName", UserPrincipalName); break;
            case "TenantId": Find("tenantId", TenantId.ToString()); break;
            case "ObjectGuid": Find("objectGuid", ObjectGuid.ToString()); break;
            case "Mail": Find("mail", Mail); break;
            case "Skipped": WritePages(Daemon.Skipped(PageSize, Kind?.ToLowerInvariant(), Reason)); break;
            case "List": WritePages(All()); break;
            default: base.Process(); break;
        }
    }

    private protected override void Process(string identity) => WriteObject(Ask(identity, Daemon.Object));

    private Pages<ObjectInfo> All() => Daemon.Objects(
        PageSize, SearchString, Kind?.ToLowerInvariant(), Forest, Domain, State is null ? null : Word<ObjectState>(State));

    private void Find(string by, string value)
    {
        Target = value;
        WriteObject(Await(cancel => Daemon.Object(new ObjectName(by, value), cancel)));
    }
}

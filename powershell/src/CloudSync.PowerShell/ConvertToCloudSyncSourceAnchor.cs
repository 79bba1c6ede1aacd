using System;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Makes the source anchor of what Active Directory holds: a GUID, or the bytes of mS-DS-ConsistencyGuid.</summary>
/// <remarks>The anchor is what the tenant holds as onPremisesImmutableId of a user and uniqueName of a group. No daemon is needed.</remarks>
/// <example><code>ConvertTo-CloudSyncSourceAnchor 28eb3e09-2cfc-458a-ad2c-aa275bdc791a</code><para>Gives the anchor of an objectGUID, with its other forms.</para></example>
/// <example><code>Get-ADUser ada -Properties mS-DS-ConsistencyGuid | ConvertTo-CloudSyncSourceAnchor</code><para>Takes mS-DS-ConsistencyGuid where the object has it, and objectGUID where not, as the daemon does.</para></example>
[Cmdlet(VerbsData.ConvertTo, "CloudSyncSourceAnchor")]
[OutputType(typeof(SourceAnchor))]
public sealed class ConvertToCloudSyncSourceAnchor : CloudSyncCmdlet
{
    /// <summary>The objectGUID, as a GUID, its text or its bytes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [GuidTransformation]
    public Guid ObjectGuid { get; set; }

    /// <summary>The 16 bytes of mS-DS-ConsistencyGuid, which go before the objectGUID.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("mS-DS-ConsistencyGuid")]
    public byte[]? ConsistencyGuid { get; set; }

    private protected override void Process()
    {
        if (ConsistencyGuid is null or { Length: 0 }) WriteObject(new SourceAnchor(ObjectGuid));
        else if (SourceAnchor.TryParse(ConsistencyGuid) is { } anchor) WriteObject(anchor);
        else Tell(ModuleErrors.NotAnAnchor(BitConverter.ToString(ConsistencyGuid)), ConsistencyGuid);
    }
}

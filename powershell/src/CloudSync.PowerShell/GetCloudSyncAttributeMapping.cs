using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets the attribute mappings in force: where each attribute of the tenant comes from, and when it is sent.</summary>
/// <remarks>
/// The defaults of Entra Connect as far as the configuration leaves them, and the configuration's own. Constants and
/// expressions are shown as written, but for values in one that passes through Redact.
/// </remarks>
/// <example><code>Get-CloudSyncAttributeMapping</code><para>Gets all mappings.</para></example>
/// <example><code>Get-CloudSyncAttributeMapping department -ObjectType user | Format-List</code><para>Shows all there is to say of one mapping.</para></example>
/// <example><code>Get-CloudSyncAttributeMapping -SourceAttribute extensionAttribute3</code><para>Finds out what an attribute of Active Directory is used for.</para></example>
/// <example><code>Get-CloudSyncAttributeMapping -Forest fabrikam | Where-Object Origin -EQ configuration</code><para>Gets what the configuration says of a forest in place of the defaults.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncAttributeMapping")]
[OutputType(typeof(AttributeMapping))]
public sealed class GetCloudSyncAttributeMapping : DaemonCmdlet
{
    /// <summary>The attribute of the tenant. Wildcards are taken.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target")]
    [ArgumentCompleter(typeof(MappingCompleter))]
    [SupportsWildcards]
    public string[] Attribute { get; set; } = ["*"];

    /// <summary>Only of this class of objects.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Kind")]
    [ValidateSet("user", "group", "contact", "device")]
    public string? ObjectType { get; set; }

    /// <summary>Only mappings that look at this attribute of Active Directory.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(MappingCompleter))]
    public string? SourceAttribute { get; set; }

    /// <summary>Only mappings by which this forest may give a value.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DirectoryCompleter))]
    public string? Forest { get; set; }

    private protected override void Process()
    {
        var mappings = Await(cancel => Daemon.AttributeMappings(ObjectType?.ToLowerInvariant(), SourceAttribute, Forest, cancel));
        foreach (var attribute in Attribute)
        {
            var wanted = WildcardPattern.Get(attribute, WildcardOptions.IgnoreCase);
            var found = mappings.Where(one => wanted.IsMatch(one.Attribute)).ToArray();
            WriteObject(found, true);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(attribute)) Tell(ModuleErrors.NotConfigured("mapping of", attribute), attribute);
        }
    }
}

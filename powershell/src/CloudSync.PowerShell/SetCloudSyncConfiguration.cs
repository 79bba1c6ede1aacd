using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Puts another configuration into force.</summary>
/// <remarks>
/// The daemon checks it, writes it into its file and keeps the former one as a version. It replaces the configuration
/// with the digest that is given and no other: where somebody else was quicker, the daemon refuses.
///
/// With -WhatIf the daemon says what the configuration would do to the tenant, from what it last read, and nothing is
/// changed.
/// </remarks>
/// <example><code>$c = Get-CloudSyncConfiguration; $c.Text = $c.Text -replace 'delta: 2m', 'delta: 5m'; $c | Set-CloudSyncConfiguration</code><para>Changes one setting of the configuration in force.</para></example>
/// <example><code>Set-CloudSyncConfiguration -Text (Get-Content .\cloudsync.yaml -Raw) -WhatIf</code><para>Says what a text would do, or why it would be refused.</para></example>
[Cmdlet(VerbsCommon.Set, "CloudSyncConfiguration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ConfigurationVersion), typeof(Assessment))]
public sealed class SetCloudSyncConfiguration : ConfigurationCmdlet
{
    /// <summary>The whole configuration, YAML or JSON.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Text { get; set; } = "";

    /// <summary>The digest of the configuration it replaces. Without it, the one in force now.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Digest { get; set; }

    private protected override void Process() => Replace(Text, Digest, "given text");
}

using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Puts a former configuration into force again, as a new version.</summary>
/// <remarks>Compare-CloudSyncConfiguration shows what it would change in the configuration. With -WhatIf the daemon says what it
/// would do to the tenant, from what it last read, and nothing is changed.</remarks>
/// <example><code>Restore-CloudSyncConfiguration -Version 3 -WhatIf</code><para>Shows what going back to version 3 would do.</para></example>
/// <example><code>Restore-CloudSyncConfiguration -Version 3</code><para>Goes back to version 3.</para></example>
[Cmdlet(VerbsData.Restore, "CloudSyncConfiguration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ConfigurationVersion), typeof(Assessment))]
public sealed class RestoreCloudSyncConfiguration : ConfigurationCmdlet
{
    /// <summary>The number of the version.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ConfigurationVersionCompleter))]
    public long Version { get; set; }

    private protected override void Process()
    {
        Target = Version;
        var inForce = Await(cancel => Daemon.Configuration(null, cancel));
        var words = $"Restore version {Version} of the configuration in place of version {inForce.Version}";
        if (ShouldProcess(words, $"{words}?", "Configuration", out var reason))
        {
            WriteObject(Await(cancel => Daemon.RestoreConfiguration(Version, inForce.Digest, cancel)));
        }
        else if (reason == ShouldProcessReason.WhatIf)
        {
            Assess(Await(cancel => Daemon.Configuration(Version, cancel)).Text ?? "");
        }
    }
}

using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Says what differs between two versions of the configuration, setting by setting.</summary>
/// <remarks>Defaults are filled in on both sides, so that a setting that was written out for the first time is no difference.</remarks>
/// <example><code>Compare-CloudSyncConfiguration -Version 3</code><para>Says what has changed since version 3.</para></example>
/// <example><code>Compare-CloudSyncConfiguration -Version 3 -With 4</code><para>Says what version 4 has changed.</para></example>
[Cmdlet(VerbsData.Compare, "CloudSyncConfiguration")]
[OutputType(typeof(ConfigurationDifference))]
public sealed class CompareCloudSyncConfiguration : DaemonCmdlet
{
    /// <summary>The number of the version it was before.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ConfigurationVersionCompleter))]
    public long Version { get; set; }

    /// <summary>The number of the version it was after. Without it, the one in force.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(ConfigurationVersionCompleter))]
    public long? With { get; set; }

    private protected override void Process()
    {
        Target = Version;
        WriteObject(Await(cancel => Daemon.Differences(Version, With, cancel)), true);
    }
}

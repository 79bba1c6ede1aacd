using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets the configuration in force, or one that was.</summary>
/// <remarks>The text holds no secrets, only where they are kept. Document is the same with all defaults filled in.</remarks>
/// <example><code>(Get-CloudSyncConfiguration).Text</code><para>Shows the configuration as it was written.</para></example>
/// <example><code>(Get-CloudSyncConfiguration).Document.safety.deletes</code><para>Looks a setting up, with its default.</para></example>
/// <example><code>Get-CloudSyncConfiguration -Version 3</code><para>Gets a former one.</para></example>
/// <example><code>Get-CloudSyncConfiguration -History</code><para>Lists all versions, newest first.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncConfiguration", DefaultParameterSetName = "InForce")]
[OutputType(typeof(ConfigurationVersion))]
public sealed class GetCloudSyncConfiguration : DaemonCmdlet
{
    /// <summary>The number of a version.</summary>
    [Parameter(ParameterSetName = "Version", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ConfigurationVersionCompleter))]
    public long[] Version { get; set; } = [];

    /// <summary>All versions, without their texts.</summary>
    [Parameter(ParameterSetName = "History", Mandatory = true)]
    public SwitchParameter History { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == "History") WritePages(Daemon.ConfigurationVersions(PageSize));
        else if (ParameterSetName == "InForce") WriteObject(Await(cancel => Daemon.Configuration(null, cancel)));
        foreach (var version in Version)
        {
            Target = version;
            WriteObject(Await(cancel => Daemon.Configuration(version, cancel)));
        }
    }
}

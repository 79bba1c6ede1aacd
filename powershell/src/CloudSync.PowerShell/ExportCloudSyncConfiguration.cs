using System.IO;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Writes the configuration in force, or one that was, into a file.</summary>
/// <remarks>The file is as it was written, comments and all; it holds no secrets, only where they are kept.</remarks>
/// <example><code>Export-CloudSyncConfiguration -Path .\cloudsync.yaml</code><para>Writes the configuration in force.</para></example>
/// <example><code>Get-CloudSyncConfiguration -History | Export-CloudSyncConfiguration -Path { "version-$($_.Version).yaml" }</code><para>Writes each version into a file of its own.</para></example>
[Cmdlet(VerbsData.Export, "CloudSyncConfiguration", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCloudSyncConfiguration : DaemonCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The number of a version. Without it, the one in force.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ConfigurationVersionCompleter))]
    public long? Version { get; set; }

    /// <summary>Replaces a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var file = GetUnresolvedProviderPathFromPSPath(Path);
        Target = file;
        if (!ShouldProcess(file, "Write the configuration")) return;
        TextFile.Write(file, Await(cancel => Daemon.Configuration(Version, cancel)).Text ?? "", Force);
        WriteObject(new FileInfo(file));
    }
}

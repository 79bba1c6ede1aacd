using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Puts into force what a configuration file says.</summary>
/// <remarks>
/// Without -Path the daemon reads its own file again, after it was edited. With -WhatIf the daemon says what the file would
/// do to the tenant, from what it last read, and nothing is changed.
/// </remarks>
/// <example><code>Import-CloudSyncConfiguration</code><para>Puts into force what the daemon's own file says now.</para></example>
/// <example><code>Import-CloudSyncConfiguration -Path .\cloudsync.yaml</code><para>Puts another file into force. The daemon writes it into its own.</para></example>
[Cmdlet(VerbsData.Import, "CloudSyncConfiguration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = "Reload")]
[OutputType(typeof(ConfigurationVersion), typeof(Assessment))]
public sealed class ImportCloudSyncConfiguration : ConfigurationCmdlet
{
    /// <summary>The file, YAML or JSON.</summary>
    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    private protected override void Process()
    {
        Target = Path;
        if (ParameterSetName == "Path")
        {
            var file = GetUnresolvedProviderPathFromPSPath(Path);
            Replace(TextFile.Read(file), null, $"file {file}");
        }
        else
        {
            Reload();
        }
    }

    private void Reload()
    {
        var words = "Reload the configuration from the daemon's file";
        if (ShouldProcess(words, $"{words}?", "Configuration", out var reason)) WriteObject(Await(Daemon.ReloadConfiguration));
        else if (reason == ShouldProcessReason.WhatIf) Assess(TextFile.Read(Await(Daemon.Status).ConfigurationFile));
    }
}

using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Checks a configuration document without using it.</summary>
/// <remarks>
/// The daemon that is connected to does the checking, with the code it reads its own configuration with. Each error
/// says the line and column, and the nearest right name where one is misspelt.
/// </remarks>
/// <example><code>Test-CloudSyncConfiguration .\cloudsync.yaml</code><para>Checks a file.</para></example>
/// <example><code>Get-ChildItem *.yaml | Test-CloudSyncConfiguration | Where-Object -Not Valid</code><para>Finds the files that would be refused.</para></example>
/// <example><code>Test-CloudSyncConfiguration -Text (git show HEAD:cloudsync.yaml | Out-String)</code><para>Checks a text.</para></example>
[Cmdlet(VerbsDiagnostic.Test, "CloudSyncConfiguration", DefaultParameterSetName = "Path")]
[OutputType(typeof(ConfigurationCheck))]
public sealed class TestCloudSyncConfiguration : DaemonCmdlet
{
    /// <summary>The file to check, YAML or JSON.</summary>
    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The text of a document.</summary>
    [Parameter(ParameterSetName = "Text", Mandatory = true)]
    public string Text { get; set; } = "";

    private protected override void Process()
    {
        if (ParameterSetName == "Text") Check(Text, null);
        foreach (var path in Path)
        {
            var file = GetUnresolvedProviderPathFromPSPath(path);
            Target = file;
            try
            {
                Check(TextFile.Read(file), file);
            }
            catch (CloudSyncException error) when (error.Code == "FileUnreadable")
            {
                WriteError(ErrorTable.Record(error, file));
            }
        }
    }

    private void Check(string text, string? path)
    {
        var check = Await(cancel => Daemon.CheckConfiguration(text, cancel));
        check.Path = path;
        WriteObject(check);
    }
}

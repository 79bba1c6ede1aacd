using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Management.Automation;
using System.Runtime.InteropServices;

namespace CloudSync.Cmdlets;

/// <summary>Writes a zip of what one needs to see to help, without secrets.</summary>
/// <remarks>
/// Holds the status, the newest cycles, what fails, the latest lines of both logs, the configuration and its versions,
/// and what Test-CloudSync finds. All of it comes from the daemon's API, which gives no password, key or token away;
/// names of people are in it.
/// </remarks>
/// <example><code>Export-CloudSyncDiagnostic -Path .\cloudsync.zip</code><para>Writes the zip.</para></example>
[Cmdlet(VerbsData.Export, "CloudSyncDiagnostic", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCloudSyncDiagnostic : DaemonCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replaces a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var file = GetUnresolvedProviderPathFromPSPath(Path);
        Target = file;
        if (!ShouldProcess(file, "Write the diagnostic")) return;
        // Beside it until it is whole: one that breaks off leaves nothing behind.
        var fresh = $"{file}.{Guid.NewGuid():N}.new";
        try
        {
            using (var stream = TextFile.Open(fresh, false))
            using (var zip = new ZipArchive(stream, ZipArchiveMode.Create)) Fill(zip);
            TextFile.Move(fresh, file, Force);
        }
        finally
        {
            File.Delete(fresh);
        }
        WriteObject(new FileInfo(file));
    }

    private void Fill(ZipArchive zip)
    {
        var steps = new Diagnostic(Daemon).Steps(zip, Surroundings()).ToArray();
        for (var i = 0; i < steps.Length; i++)
        {
            WriteProgress(new ProgressRecord(1, "Writing the diagnostic", steps[i].Name) { PercentComplete = 100 * i / steps.Length });
            var step = steps[i].Do;
            Await(async cancel =>
            {
                await step(cancel).ConfigureAwait(false);
                return true;
            });
        }
        var checks = new HealthCheck(Daemon, ModuleVersion).Steps().SelectMany(step => Await(step)).Select(one => one.ToString()).ToArray();
        Diagnostic.Write(zip, "checks.txt", string.Join(Environment.NewLine, checks));
        WriteProgress(new ProgressRecord(1, "Writing the diagnostic", "Done") { RecordType = ProgressRecordType.Completed });
    }

    private IEnumerable<KeyValuePair<string, object?>> Surroundings()
    {
        yield return new("module", ModuleVersion);
        yield return new("powershell", Host.Version.ToString());
        yield return new("runtime", RuntimeInformation.FrameworkDescription);
        yield return new("system", RuntimeInformation.OSDescription);
        yield return new("writtenAt", DateTime.UtcNow);
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Text;

namespace CloudSync.Cmdlets;

/// <summary>Writes a zip of what one needs to see to help, without secrets.</summary>
/// <remarks>
/// Holds the status, the newest cycles, what fails, the latest lines of both logs, the configuration and its versions,
/// and what Test-CloudSync finds, which signs in anew for that. All of it comes from the daemon's API, which gives no
/// password, key or token away; names of people are in it.
/// </remarks>
/// <example><code>Export-CloudSyncDiagnostic -Path .\cloudsync.zip</code><para>Writes the zip.</para></example>
/// <example><code>$connections | Export-CloudSyncDiagnostic -Path { "$($_.TenantId).zip" }</code><para>Writes one for each of several daemons.</para></example>
[Cmdlet(VerbsData.Export, "CloudSyncDiagnostic", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCloudSyncDiagnostic : WholeDaemonCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replaces a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void ProcessDaemon()
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
        var files = new Diagnostic(Daemon, new HealthCheck(Daemon, ModuleVersion)).Files(Surroundings());
        foreach (var (file, text) in Await("Writing the diagnostic", [.. files]))
        {
            using var writer = new StreamWriter(zip.CreateEntry(file, CompressionLevel.Optimal).Open(), new UTF8Encoding(false));
            writer.Write(text);
        }
    }

    private Dictionary<string, object?> Surroundings() => new(StringComparer.Ordinal)
    {
        ["module"] = ModuleVersion,
        ["powershell"] = Host.Version.ToString(),
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.OSDescription,
        ["writtenAt"] = DateTime.UtcNow,
    };
}

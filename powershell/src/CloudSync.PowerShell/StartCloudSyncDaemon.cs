using System;
using System.Diagnostics;
using System.IO;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using CloudSync.Services;

namespace CloudSync.Cmdlets;

/// <summary>Starts a daemon on this machine, and waits until it answers.</summary>
/// <remarks>
/// The daemon goes on when this session ends. To have it started with the machine, install it by
/// Install-CloudSyncDaemon and start it by its name. A daemon that does not start is an error with its own code.
/// </remarks>
/// <example><code>Start-CloudSyncDaemon -Configuration .\cloudsync.yaml -DataPath D:\CloudSync | Connect-CloudSync</code><para>Starts a daemon and connects to it.</para></example>
/// <example><code>Start-CloudSyncDaemon -Name cloudsync</code><para>Starts the daemon that is installed by this name.</para></example>
[Cmdlet(VerbsLifecycle.Start, "CloudSyncDaemon", SupportsShouldProcess = true, DefaultParameterSetName = "Process")]
[OutputType(typeof(DaemonProcess), typeof(DaemonService))]
public sealed class StartCloudSyncDaemon : ServiceCmdlet
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>The configuration document.</summary>
    [Parameter(ParameterSetName = "Process", Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("ConfigurationFile")]
    [ValidateNotNullOrEmpty]
    public string Configuration { get; set; } = "";

    /// <summary>The data folder. Without it the one cmdlets use by default.</summary>
    [Parameter(ParameterSetName = "Process", Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <summary>Where it listens: a loopback address and a port.</summary>
    [Parameter(ParameterSetName = "Process")]
    public string? Listen { get; set; }

    /// <summary>The daemon's program. Without it the cloudsync of the path.</summary>
    [Parameter(ParameterSetName = "Process")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The name it was installed by.</summary>
    [Parameter(ParameterSetName = "Service", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidatePattern(NamePattern)]
    public string Name { get; set; } = "";

    /// <summary>Whether it was installed for the machine or for this user.</summary>
    [Parameter(ParameterSetName = "Service", ValueFromPipelineByPropertyName = true)]
    public ServiceScope Scope { get; set; }

    private protected override void Process()
    {
        var data = DataFolder(DataPath);
        Target = ParameterSetName == "Service" ? Name : data;
        if (!ShouldProcess($"daemon {Target}", "Start")) return;
        if (ParameterSetName == "Service") WriteObject(Await(cancel => ServiceManager.Here().Start(Name, Scope, cancel)));
        else WriteObject(Await(cancel => Spawn(data, cancel)));
    }

    private async Task<DaemonProcess> Spawn(string data, CancellationToken cancel)
    {
        var words = DaemonWords(GetUnresolvedProviderPathFromPSPath(Configuration), data, Listen);
        using var process = DaemonProcess.Spawn(ProgramFile(Path), Tool.Arguments(words), SessionState.Path.CurrentFileSystemLocation.ProviderPath);
        var said = new StringWriter();
        process.ErrorDataReceived += (_, line) => said.WriteLine(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        while (!process.HasExited)
        {
            var daemon = await DaemonProcess.Of(data, cancel).ConfigureAwait(false);
            if (daemon.ProcessId == process.Id) return daemon;
            await Task.Delay(BetweenLooks, cancel).ConfigureAwait(false);
        }
        process.WaitForExit();
        throw new CloudSyncException(ModuleErrors.DaemonEnded(process.ExitCode, said.ToString()));
    }
}

using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using CloudSync.Services;

namespace CloudSync.Cmdlets;

/// <summary>Stops a daemon on this machine, and waits until it has ended.</summary>
/// <remarks>A cycle that runs ends cleanly first; the next start goes on from there. Where no daemon runs this does nothing.</remarks>
/// <example><code>Stop-CloudSyncDaemon -DataPath D:\CloudSync</code><para>Stops the daemon of this data folder.</para></example>
/// <example><code>Stop-CloudSyncDaemon -Name cloudsync</code><para>Stops the daemon that is installed by this name.</para></example>
[Cmdlet(VerbsLifecycle.Stop, "CloudSyncDaemon", SupportsShouldProcess = true, DefaultParameterSetName = "Process")]
[OutputType(typeof(DaemonProcess), typeof(DaemonService))]
public sealed class StopCloudSyncDaemon : ServiceCmdlet
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>The data folder. Without it the one cmdlets use by default.</summary>
    [Parameter(ParameterSetName = "Process", Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

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
        if (ParameterSetName == "Service")
        {
            if (ShouldProcess($"daemon {Name}", "Stop")) WriteObject(Await(cancel => ServiceManager.Here().Stop(Name, Scope, cancel)));
            return;
        }
        var daemon = Await(cancel => DaemonProcess.Of(data, cancel));
        if (daemon.ProcessId is not { } process) WriteVerbose($"No daemon runs on {data}.");
        else if (ShouldProcess($"daemon {data}", "Stop")) WriteObject(Await(cancel => Stop(data, (int)process, cancel)));
    }

    /// <summary>The process is the one that has just answered by this number, so no other has got it since.</summary>
    private static async Task<DaemonProcess> Stop(string data, int process, CancellationToken cancel)
    {
        DaemonProcess.AskToEnd(process);
        while (DaemonProcess.IsThere(process)) await Task.Delay(BetweenLooks, cancel).ConfigureAwait(false);
        return new DaemonProcess(data, null, null);
    }
}

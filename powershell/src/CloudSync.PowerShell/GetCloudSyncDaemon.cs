using System.Management.Automation;
using CloudSync.Services;

namespace CloudSync.Cmdlets;

/// <summary>Says whether the daemon of a data folder runs, or how an installed one is.</summary>
/// <example><code>Get-CloudSyncDaemon -DataPath D:\CloudSync</code><para>Says whether a daemon runs on this data folder, and where it listens.</para></example>
/// <example><code>Get-CloudSyncDaemon -Name cloudsync</code><para>Says how the installed daemon is.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncDaemon", DefaultParameterSetName = "Process")]
[OutputType(typeof(DaemonProcess), typeof(DaemonService))]
public sealed class GetCloudSyncDaemon : ServiceCmdlet
{
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
        Target = ParameterSetName == "Service" ? Name : DataFolder(DataPath);
        if (ParameterSetName == "Service") WriteObject(Await(cancel => ServiceManager.Here().Get(Name, Scope, cancel)));
        else WriteObject(Await(cancel => DaemonProcess.Of(DataFolder(DataPath), cancel)));
    }
}

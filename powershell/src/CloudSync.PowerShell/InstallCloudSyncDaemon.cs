using System.Management.Automation;
using CloudSync.Services;

namespace CloudSync.Cmdlets;

/// <summary>Makes the operating system start a daemon: by a unit of systemd, or by Windows' Task Scheduler.</summary>
/// <remarks>
/// It is started with the machine, and again when it failed. One that is installed by this name already is replaced. Start-CloudSyncDaemon -Name starts it at once. With -WhatIf
/// the definition it would be installed by comes out.
/// </remarks>
/// <example><code>Install-CloudSyncDaemon -Configuration /etc/cloudsync/cloudsync.yaml -DataPath /var/lib/cloudsync -Account cloudsync; Start-CloudSyncDaemon -Name cloudsync</code><para>Installs and starts a daemon that runs as the account cloudsync.</para></example>
/// <example><code>Get-CloudSyncStatus | Install-CloudSyncDaemon -Account cloudsync</code><para>Installs the daemon that is connected to, with the configuration and data folder it has.</para></example>
/// <example><code>(Install-CloudSyncDaemon C:\CloudSync\cloudsync.yaml C:\CloudSync\data -Account 'CORP\gmsa-sync$' -WhatIf).Definition</code><para>Shows what would be installed.</para></example>
[Cmdlet(VerbsLifecycle.Install, "CloudSyncDaemon", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(DaemonService))]
public sealed class InstallCloudSyncDaemon : ServiceCmdlet
{
    /// <summary>The configuration document.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("ConfigurationFile")]
    [ValidateNotNullOrEmpty]
    public string Configuration { get; set; } = "";

    /// <summary>The data folder.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string DataPath { get; set; } = "";

    /// <summary>The name of the unit or task.</summary>
    [Parameter]
    [ValidatePattern(NamePattern)]
    public string Name { get; set; } = "cloudsync";

    /// <summary>Whether to install it for the machine or for this user. Windows has it for the machine alone.</summary>
    [Parameter]
    public ServiceScope Scope { get; set; }

    /// <summary>Who it runs as. By default root or the local system, or with -Scope User this user.</summary>
    [Parameter]
    [ValidatePattern(@"^[\w.\\@$-]{1,100}$")]
    public string? Account { get; set; }

    /// <summary>Where it listens: a loopback address and a port.</summary>
    [Parameter]
    public string? Listen { get; set; }

    /// <summary>The daemon's program. Without it the cloudsync of the path.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    private protected override void Process()
    {
        Target = Name;
        var manager = ServiceManager.Here();
        var data = DataFolder(DataPath);
        var configuration = GetUnresolvedProviderPathFromPSPath(Configuration);
        var installation = new Installation(Name, Scope, ProgramFile(Path), DaemonWords(configuration, data, Listen), data, configuration, Account);
        if (ShouldProcess($"Install the daemon {Name}", $"Install the daemon {Name}?", "Install", out var reason)) WriteObject(Await(cancel => manager.Install(installation, cancel)));
        else if (reason == ShouldProcessReason.WhatIf) WriteObject(new DaemonService(Name, Scope, "notInstalled", null, manager.Define(installation)));
    }
}

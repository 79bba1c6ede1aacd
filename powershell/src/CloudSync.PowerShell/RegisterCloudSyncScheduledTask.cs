using System;
using System.IO;
using System.Management.Automation;
using System.Runtime.InteropServices;
using CloudSync.Services;

namespace CloudSync.Cmdlets;

/// <summary>Makes Windows start a cycle now and again, by its Task Scheduler.</summary>
/// <remarks>
/// The daemon runs cycles by a schedule of its own; this is for a cycle at a certain time of day, or in step with other
/// tasks. The task runs as the local system, or as the account that is named, with Windows PowerShell and this module.
/// A task that has this name already is replaced. With -WhatIf the definition of the task comes out, on any system.
/// </remarks>
/// <example><code>Register-CloudSyncScheduledTask -Type Full -At 02:00 -Interval 1.00:00:00</code><para>Runs a full cycle every night at two.</para></example>
/// <example><code>(Register-CloudSyncScheduledTask -WhatIf).Definition</code><para>Shows the task's definition.</para></example>
[Cmdlet(VerbsLifecycle.Register, "CloudSyncScheduledTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(DaemonService))]
public sealed class RegisterCloudSyncScheduledTask : CloudSyncCmdlet
{
    /// <summary>The name of the task.</summary>
    [Parameter(Position = 0)]
    [ValidatePattern(@"^[\w .()-]{1,100}$")]
    public string Name { get; set; } = "CloudSync cycle";

    /// <summary>Delta reads what has changed since the last cycle, Full reads everything again. Delta by default.</summary>
    [Parameter]
    [ValidateSet("Delta", "Full")]
    public string Type { get; set; } = "Delta";

    /// <summary>When it first runs. By default at once.</summary>
    [Parameter]
    public DateTime At { get; set; } = DateTime.Now;

    /// <summary>The time between two runs. A day by default.</summary>
    [Parameter]
    public TimeSpan Interval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The data folder of the daemon. Without it the one cmdlets use by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <summary>Who the task runs as, who must be able to read the daemon's token: an account that needs no password here, such as SYSTEM or a group managed service account.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Account { get; set; } = "S-1-5-18";

    private protected override void Process()
    {
        Target = Name;
        var task = ScheduledTask.Repeating($"CloudSync: a {Type} cycle", Account, "powershell.exe", Arguments(), At, Interval);
        if (!ShouldProcess($"Register the scheduled task {Name}", $"Register the scheduled task {Name}?", "Register", out var reason))
        {
            if (reason == ShouldProcessReason.WhatIf) WriteObject(new DaemonService(Name, ServiceScope.Machine, "notInstalled", null, task.ToString()));
            return;
        }
        if (!ServiceManager.IsOn(OSPlatform.Windows)) throw new CloudSyncException(ModuleErrors.NotOnThisSystem("Registering a scheduled task", "Windows"));
        Await(async cancel =>
        {
            await ScheduledTask.Register(Name, task, cancel).ConfigureAwait(false);
            return true;
        });
        WriteObject(new DaemonService(Name, ServiceScope.Machine, "Ready", null, task.ToString()));
    }

    private string Arguments()
    {
        var module = Path.Combine(Path.GetDirectoryName(typeof(Cycle).Assembly.Location) ?? "", "CloudSync.psd1");
        var data = GetUnresolvedProviderPathFromPSPath(DataPath ?? DefaultDataFolder);
        var script = $"$ErrorActionPreference = 'Stop'; Import-Module -Name {Literal(module)}; Connect-CloudSync -DataPath {Literal(data)}; Start-CloudSyncCycle -Type {Type} -Wait";
        return Tool.Arguments(["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "RemoteSigned", "-Command", script]);
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''")}'";
}

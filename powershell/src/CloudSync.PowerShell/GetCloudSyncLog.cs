using System;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets the latest lines of the daemon's log, or shows it as it is written.</summary>
/// <remarks>The daemon keeps the latest lines in memory for this; older ones are in the files of its data folder, as JSON lines.</remarks>
/// <example><code>Get-CloudSyncLog -Level Warn</code><para>Gets the latest warnings and errors.</para></example>
/// <example><code>Get-CloudSyncLog -First 1000 | Where-Object { $_.Fields.cycle -eq 17 }</code><para>Gets what was logged of one cycle.</para></example>
/// <example><code>Get-CloudSyncLog -Level Error | Group-Object EventId</code><para>Counts the errors by the number the event log of Windows has them by.</para></example>
/// <example><code>Get-CloudSyncLog -Event cycleEnded -First 5</code><para>Gets the ends of the five latest cycles.</para></example>
/// <example><code>Get-CloudSyncLog -Wait</code><para>Shows the log as it is written, until Ctrl+C.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncLog", DefaultParameterSetName = "Latest")]
[OutputType(typeof(LogLine))]
public sealed class GetCloudSyncLog : WholeDaemonCmdlet
{
    /// <summary>This level and what is worse. Info by default.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("Error", "Warn", "Info", "Debug")]
    public string Level { get; set; } = "Info";

    /// <summary>Only lines of this part of the daemon: engine, api, scheduler...</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z]+$")]
    public string? Subsystem { get; set; }

    /// <summary>Only lines of this event, by its name.</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z]+$")]
    public string? Event { get; set; }

    /// <summary>How many lines. 100 by default.</summary>
    [Parameter(ParameterSetName = "Latest")]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = 100;

    /// <summary>Shows lines as they are written, until Ctrl+C.</summary>
    [Parameter(ParameterSetName = "Wait", Mandatory = true)]
    public SwitchParameter Wait { get; set; }

    private protected override void ProcessDaemon()
    {
        var level = Word<LogLevel>(Level);
        if (!Wait)
        {
            WritePages(Daemon.Log(level, Subsystem, Event, Math.Min(First, 500)), First);
            return;
        }
        using var events = Await(cancel => Daemon.LogEvents(level, Subsystem, Event, cancel));
        while (Await(_ => events.Next()) is { } told) WriteObject(new LogLine(JsonObject.Parse(told.Data)));
    }
}

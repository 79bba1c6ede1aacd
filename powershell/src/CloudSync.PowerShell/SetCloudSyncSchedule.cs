using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Changes when cycles run by themselves.</summary>
/// <remarks>
/// What is set here goes before the configuration and outlives a restart of the daemon. What is left out stays as it
/// is; -Reset goes back to what the configuration says.
/// </remarks>
/// <example><code>Set-CloudSyncSchedule -Delta 00:05:00 -Full 1.00:00:00</code><para>Runs a delta cycle every five minutes and a full one every day.</para></example>
/// <example><code>Set-CloudSyncSchedule -Watch $false</code><para>Waits for the interval instead of asking each domain controller every second.</para></example>
/// <example><code>Set-CloudSyncSchedule -Reset</code><para>Goes back to the schedule of the configuration.</para></example>
[Cmdlet(VerbsCommon.Set, "CloudSyncSchedule", SupportsShouldProcess = true, DefaultParameterSetName = "Change")]
[OutputType(typeof(Schedule))]
public sealed class SetCloudSyncSchedule : DaemonCmdlet
{
    /// <summary>The time between two cycles: at least a second.</summary>
    [Parameter(ParameterSetName = "Change", ValueFromPipelineByPropertyName = true)]
    public TimeSpan? Delta { get; set; }

    /// <summary>The time between two full cycles.</summary>
    [Parameter(ParameterSetName = "Change", ValueFromPipelineByPropertyName = true)]
    public TimeSpan? Full { get; set; }

    /// <summary>Ask each domain controller every second whether it moved, and run a delta cycle when one has.</summary>
    [Parameter(ParameterSetName = "Change", ValueFromPipelineByPropertyName = true)]
    public bool? Watch { get; set; }

    /// <summary>Go back to what the configuration says.</summary>
    [Parameter(ParameterSetName = "Reset", Mandatory = true)]
    public SwitchParameter Reset { get; set; }

    private protected override void Process()
    {
        var changes = Changes();
        var words = changes.Select(one => $"{one.Key}: {one.Value ?? "as configured"}");
        if (ShouldProcess("schedule", $"Set {string.Join(", ", words)}")) WriteObject(Await(cancel => Daemon.SetSchedule(changes, cancel)));
    }

    private Dictionary<string, object?> Changes()
    {
        if (Reset) return new Dictionary<string, object?> { ["delta"] = null, ["full"] = null, ["watch"] = null };
        var changes = new Dictionary<string, object?>();
        if (Delta is not null) changes["delta"] = Duration.Write(Delta.Value);
        if (Full is not null) changes["full"] = Duration.Write(Full.Value);
        if (Watch is not null) changes["watch"] = Watch.Value;
        return changes;
    }
}

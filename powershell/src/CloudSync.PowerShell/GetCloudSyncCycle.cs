using System;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets cycles: those that ran last, or those asked for by number.</summary>
/// <example><code>Get-CloudSyncCycle -First 5</code><para>Gets the five newest cycles.</para></example>
/// <example><code>Get-CloudSyncCycle -State Failed -Preview:$false</code><para>Gets the newest cycles that failed, previews left out.</para></example>
/// <example><code>Get-CloudSyncCycle -Saved</code><para>Gets the previews whose plans were saved.</para></example>
/// <example><code>Get-CloudSyncCycle -Id 17 | Format-List</code><para>Shows all that is known of one cycle.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncCycle", DefaultParameterSetName = "Newest")]
[OutputType(typeof(Cycle))]
public sealed class GetCloudSyncCycle : DaemonCmdlet
{
    /// <summary>The number of a cycle.</summary>
    [Parameter(ParameterSetName = "Id", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("CycleId")]
    [ArgumentCompleter(typeof(CycleIdCompleter))]
    public long[] Id { get; set; } = [];

    /// <summary>How many cycles, newest first. 20 by default.</summary>
    [Parameter(ParameterSetName = "Newest")]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = 20;

    /// <summary>Only cycles in this state.</summary>
    [Parameter(ParameterSetName = "Newest")]
    [ValidateSet("Running", "Succeeded", "Failed", "Stopped", "Held")]
    public string? State { get; set; }

    /// <summary>Only cycles of this type.</summary>
    [Parameter(ParameterSetName = "Newest")]
    [ValidateSet("Delta", "Full", "Undo", "OnDemand")]
    public string? Type { get; set; }

    /// <summary>Only those that planned and wrote nothing; with -Preview:$false only the others.</summary>
    [Parameter(ParameterSetName = "Newest")]
    public SwitchParameter Preview { get; set; }

    /// <summary>Only previews whose plan was saved.</summary>
    [Parameter(ParameterSetName = "Saved", Mandatory = true)]
    public SwitchParameter Saved { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == "Newest") WritePages(Newest(), First);
        else if (ParameterSetName == "Saved") WritePages(Daemon.Cycles(PageSize, saved: true));
        foreach (var id in Id)
        {
            Target = id;
            WriteObject(Await(cancel => Daemon.Cycle(id, cancel)));
        }
    }

    private Pages<Cycle> Newest() => Daemon.Cycles(
        Math.Min(First, PageSize),
        State is null ? null : Word<CycleState>(State),
        Type is null ? null : Word<CycleType>(Type),
        MyInvocation.BoundParameters.ContainsKey(nameof(Preview)) ? Preview.ToBool() : null);
}

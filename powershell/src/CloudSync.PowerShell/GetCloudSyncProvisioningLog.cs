using System;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Gets what was done to the tenant and decided by people, newest first.</summary>
/// <remarks>Each write of a cycle has an entry, with what it changed and how it ended; so has each approval, denial and release.</remarks>
/// <example><code>Get-CloudSyncProvisioningLog -First 20</code><para>Gets the latest entries.</para></example>
/// <example><code>Get-CloudSyncObject ada@corp.contoso.test | Get-CloudSyncProvisioningLog</code><para>Gets all that was done with one object.</para></example>
/// <example><code>Get-CloudSyncProvisioningLog -Status failure -From (Get-Date).AddDays(-1)</code><para>Gets what failed since yesterday.</para></example>
/// <example><code>Get-CloudSyncCycle -First 1 | Get-CloudSyncProvisioningLog</code><para>Gets what the newest cycle did.</para></example>
/// <example><code>Get-CloudSyncProvisioningLog -CycleId 17 -Action delete</code><para>Gets what a cycle deleted.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncProvisioningLog")]
[OutputType(typeof(ProvisioningLogEntry))]
public sealed class GetCloudSyncProvisioningLog : DaemonCmdlet
{
    /// <summary>Only of the object with this source anchor.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Anchor { get; set; }

    /// <summary>Only of this cycle.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(CycleIdCompleter))]
    public long? CycleId { get; set; }

    /// <summary>Only this: an operation's type, or approve, deny, release, skip...</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OperationTypeCompleter))]
    public string? Action { get; set; }

    /// <summary>Only what ended so.</summary>
    [Parameter]
    [ValidateSet("success", "failure", "skipped", "held", "unknown")]
    public string? Status { get; set; }

    /// <summary>Only from this time on.</summary>
    [Parameter]
    public DateTime? From { get; set; }

    /// <summary>Only before this time.</summary>
    [Parameter]
    public DateTime? To { get; set; }

    /// <summary>How many entries. 1000 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = 1000;

    private protected override void Process()
    {
        Target = Anchor;
        WritePages(Daemon.ProvisioningLog(CycleId, Action, Status?.ToLowerInvariant(), Anchor, From, To, Math.Min(First, PageSize)), First);
    }
}

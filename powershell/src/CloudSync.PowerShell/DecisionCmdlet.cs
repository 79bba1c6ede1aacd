using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>
/// A person's word on what the guards hold. What is decided on is named by its digest, which the cycle that was looked
/// at carries: where something else is held by now, the daemon refuses.
/// </summary>
public abstract class DecisionCmdlet : DaemonCmdlet
{
    private readonly List<PlannedOperation> _operations = [];

    /// <summary>The digest of what is held, which a cycle has as HeldDigest.</summary>
    [Parameter(ParameterSetName = "Cycle", Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public string? HeldDigest { get; set; }

    /// <summary>Only what this guard holds.</summary>
    [Parameter(ParameterSetName = "Cycle")]
    [ArgumentCompleter(typeof(GuardCompleter))]
    public string? HeldBy { get; set; }

    /// <summary>Only these operations, from Get-CloudSyncPlan -State Held.</summary>
    [Parameter(ParameterSetName = "Operation", Mandatory = true, ValueFromPipeline = true)]
    public PlannedOperation[] Operation { get; set; } = [];

    private protected abstract string Verdict { get; }

    private protected override void Process()
    {
        if (ParameterSetName == "Operation") _operations.AddRange(Operation);
        else DecideAll();
    }

    /// <summary>Operations from the pipeline are decided on together, once all have come.</summary>
    private protected override void End()
    {
        foreach (var cycle in _operations.GroupBy(one => one.CycleId))
        {
            Target = cycle.Key;
            var digest = Await(cancel => Daemon.Cycle(cycle.Key, cancel)).HeldDigest ?? "";
            Decide(cycle.Key, digest, [.. cycle]);
        }
    }

    private void DecideAll()
    {
        Target = HeldDigest;
        if (HeldDigest is not { } digest || Await(Daemon.Cycles(200).Next).FirstOrDefault(one => one.HeldDigest == digest) is not { } cycle)
        {
            Tell(ModuleErrors.NothingHeld(HeldDigest), HeldDigest);
            return;
        }
        Decide(cycle.Id, digest, null);
    }

    private void Decide(long cycle, string digest, IReadOnlyList<PlannedOperation>? operations)
    {
        var what = operations is null ? $"all that {HeldBy ?? "any guard"} holds of cycle {cycle}: {Held(cycle)}" : $"{operations.Count} held operations of cycle {cycle}";
        if (ShouldProcess($"{Verdict} {what}", $"{Verdict} {what}?", Verdict, out var reason)) WriteObject(new Decision(cycle, Verdict, Await(
            cancel => Daemon.Decide(Verdict.ToLowerInvariant(), digest, HeldBy, operations?.Select(one => one.Digest ?? "").ToArray(), cancel))));
        else if (reason == ShouldProcessReason.WhatIf) Show(cycle, operations);
    }

    private string Held(long cycle) => Await(cancel => Daemon.Plan(cycle, cancel)).InState("held");

    private void Show(long cycle, IReadOnlyList<PlannedOperation>? operations)
    {
        if (operations is not null) WriteObject(operations, true);
        else WritePages(Daemon.Operations(cycle, OperationState.Held, null, PageSize), one => HeldBy is null || one.HeldBy == HeldBy);
    }
}

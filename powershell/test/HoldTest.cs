using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace CloudSync.Test;

public sealed class HoldTest : DaemonTest
{
    private static readonly string[] Leaving = ["Leaver One", "Leaver Two", "Leaver Three"];

    private readonly Cycle _held;

    public HoldTest(Daemon daemon) : base(daemon)
    {
        foreach (var name in Leaving) daemon.People.With(name);
        daemon.People.Write();
        Run("foreach ($name in $args) { Clear-CloudSyncQuarantine -Identity $name -ErrorAction Ignore > $null }", [.. Leaving.Select(TestDirectory.AnchorOf)]);
        Run("Start-CloudSyncCycle -Wait").Clean();
        foreach (var name in Leaving) daemon.People.Without(name);
        daemon.People.Write();
        _held = (Cycle)Run("Start-CloudSyncCycle -Wait").Output.Single().BaseObject;
    }

    private IEnumerable<string> Present => Leaving.Where(name => Run("Get-CloudSyncObject $args[0]", TestDirectory.AnchorOf(name)).Many<ObjectInfo>().Any(one => one.TenantId is not null && one.State != "deleted"));

    [Fact]
    public void IsToldWithWhatEachGuardCounted()
    {
        Assert.Equal(CycleState.Held, _held.State);
        var hold = Assert.Single(_held.Holds);
        Assert.Equal(("deletes", 3L, 2L), (hold.Guard, hold.Count, hold.Limit));
        Assert.Equal(3, Run("Get-CloudSyncPlan -State Held").Many<PlannedOperation>().Count);
        Assert.Contains(Run("Get-CloudSyncPlan -Summary").One<PlanSummary>().ByState, one => one is { Value: "held", Type: "delete", Count: 3 });
        Assert.Equal("deletes", Shell.Complete("Approve-CloudSyncPlan -HeldDigest x -HeldBy ")[0].CompletionText);
    }

    [Theory]
    [InlineData("Get-CloudSyncCycle -Id $args[0] | Approve-CloudSyncPlan")]
    [InlineData("Get-CloudSyncCycle -Id $args[0] | Approve-CloudSyncPlan -HeldBy deletes")]
    [InlineData("Approve-CloudSyncPlan -HeldDigest (Get-CloudSyncCycle -Id $args[0]).HeldDigest")]
    [InlineData("Get-CloudSyncPlan $args[0] -State Held | Approve-CloudSyncPlan")]
    [InlineData("Approve-CloudSyncPlan -Operation (Get-CloudSyncPlan $args[0] -State Held)")]
    public void IsApprovedByEachWayOfNamingIt(string script)
    {
        var shown = Run($"{script} -WhatIf", _held.Id);
        Assert.Equal(3, shown.Many<PlannedOperation>().Count);
        Assert.Contains("What if: ", shown.Shown);
        Assert.Equal(_held.HeldDigest, Run("Get-CloudSyncCycle -Id $args[0]", _held.Id).One<Cycle>().HeldDigest);
        Assert.All(Run("Get-CloudSyncPlan $args[0]", _held.Id).Many<PlannedOperation>(), one => Assert.Equal(OperationState.Held, one.State));

        var decision = Run($"{script} -Confirm:$false", _held.Id).One<Decision>();
        Assert.Equal((_held.Id, "Approve", 3L), (decision.CycleId, decision.Verdict, decision.Count));
        Assert.Equal(3, Run("Start-CloudSyncCycle -Wait").One<Cycle>().Counts.Deleted);
        Assert.Contains(Run("Get-CloudSyncProvisioningLog -Action approve -First 1").Many<ProvisioningLogEntry>(), one => one.CycleId == _held.Id);
    }

    [Fact]
    public void AsksBeforeItApproves()
    {
        var said = Run("Get-CloudSyncCycle -Id $args[0] | Approve-CloudSyncPlan", _held.Id).Clean();
        Assert.Empty(said.Output);
        Assert.Contains("3 delete", said.Shown);
        Assert.Equal(3, Run("Get-CloudSyncPlan -State Held").Many<PlannedOperation>().Count);
    }

    [Fact]
    public void IsDeniedAndLeftAsItIsUntilReleased()
    {
        Assert.Equal(3, Run("Get-CloudSyncCycle -Id $args[0] | Deny-CloudSyncPlan -WhatIf", _held.Id).Many<PlannedOperation>().Count);
        Assert.Equal(3, Run("Get-CloudSyncPlan $args[0] -State Held | Deny-CloudSyncPlan", _held.Id).One<Decision>().Count);
        Run("Start-CloudSyncCycle -Wait").Clean();
        Assert.Equal(Leaving, Present);
    }

    /// <summary>One decision on all of them, or none: it must not come in parts that a cycle could fall between.</summary>
    [Fact]
    public void IsDecidedOnAtOnceHoweverManyOperationsAreNamed()
    {
        const string script = "$held = Get-CloudSyncPlan $args[0] -State Held; 1..5000 | ForEach-Object { $held } | Deny-CloudSyncPlan";
        Assert.Equal(3, Run(script, _held.Id).One<Decision>().Count);
        Assert.Single(Run("Get-CloudSyncProvisioningLog -Action deny").Many<ProvisioningLogEntry>(), one => one.CycleId == _held.Id);
    }

    [Fact]
    public void IsNotDecidedOnByAnotherDigest()
    {
        var error = Run("Approve-CloudSyncPlan -HeldDigest 00 -Confirm:$false").Error();
        Assert.StartsWith("NothingHeld,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
    }

    /// <summary>Something else is held by now than what was looked at.</summary>
    [Fact]
    public void IsNotDecidedOnOnceTheWorldHasMoved()
    {
        Daemon.People.With(Leaving[0]).Write();
        Run("Start-CloudSyncCycle -Wait");
        var error = Run("Approve-CloudSyncPlan -HeldDigest $args[0] -Confirm:$false", _held.HeldDigest).Error();
        Assert.StartsWith("CS6016,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, error.CategoryInfo.Category);
    }
}

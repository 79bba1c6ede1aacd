using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace CloudSync.Test;

public sealed class PlanTest(Daemon daemon) : DaemonTest(daemon)
{
    private const string Grace = "Grace Hopper";

    private string Department => Run("(Get-CloudSyncObject $args[0]).Tenant['department']", TestDirectory.Upn(Grace)).One<string>();

    private string Change()
    {
        var department = $"Navy {Guid.NewGuid():N}";
        Daemon.People.With(Grace, ("department", department)).Write();
        return department;
    }

    private long Planned() => Run("Start-CloudSyncCycle -WhatIf").One<PlannedOperation>().CycleId;

    [Theory]
    [InlineData("{0}-CloudSyncPlan $args[0]")]
    [InlineData("{0}-CloudSyncPlan -CycleId $args[0]")]
    [InlineData("$args[0] | {0}-CloudSyncPlan")]
    [InlineData("Get-CloudSyncCycle -Id $args[0] | {0}-CloudSyncPlan")]
    [InlineData("(Get-CloudSyncPlan $args[0])[0] | {0}-CloudSyncPlan")]
    public void IsSavedAndLetGoOf(string way)
    {
        var (script, letGo) = (string.Format(CultureInfo.InvariantCulture, way, "Save"), string.Format(CultureInfo.InvariantCulture, way, "Remove"));
        Change();
        var id = Planned();
        Assert.Empty(Run($"{script} -WhatIf", id).Clean().Output);
        Assert.DoesNotContain(Run("Get-CloudSyncCycle -Saved").Many<Cycle>(), one => one.Id == id);
        Assert.True(Run(script, id).One<Cycle>().Saved);
        Assert.Contains(Run("Get-CloudSyncCycle -Saved").Many<Cycle>(), one => one.Id == id);
        Assert.Empty(Run($"{letGo} -WhatIf", id).Clean().Output);
        Assert.Contains($"{id}", Run(letGo, id).Clean().Shown);
        Assert.True(Run("Get-CloudSyncCycle -Id $args[0]", id).One<Cycle>().Saved);
        Assert.False(Run($"{letGo} -Confirm:$false", id).One<Cycle>().Saved);
    }

    [Theory]
    [InlineData("Invoke-CloudSyncPlan -CycleId $args[0]")]
    [InlineData("$args[0] | Invoke-CloudSyncPlan")]
    [InlineData("Get-CloudSyncCycle -Id $args[0] | Invoke-CloudSyncPlan")]
    public void IsCarriedOutAsItWasShown(string script)
    {
        var before = Department;
        var wanted = Change();
        var id = Planned();
        Run("Save-CloudSyncPlan $args[0]", id).Clean();
        var shown = Run($"{script} -WhatIf", id);
        Assert.Equal(Grace, shown.One<PlannedOperation>().DisplayName);
        Assert.Contains("1 update", shown.Shown);
        Assert.Equal(before, Department);
        var cycle = Run($"{script} -Wait -Confirm:$false", id).One<Cycle>();
        Assert.Equal(CycleState.Succeeded, cycle.State);
        Assert.Equal(wanted, Department);
    }

    [Fact]
    public void IsNotCarriedOutOnceTheWorldHasMoved()
    {
        Change();
        var id = Planned();
        Run("Save-CloudSyncPlan $args[0]", id).Clean();
        var later = Change();
        var said = Run("Invoke-CloudSyncPlan $args[0] -Wait -Confirm:$false", id);
        var error = said.Ended ?? Assert.Single(said.Errors);
        Assert.StartsWith("CS6015,", error.FullyQualifiedErrorId);
        Assert.NotEqual(later, Department);
        Run("Start-CloudSyncCycle -Wait").Clean();
    }

    [Theory]
    [InlineData("Undo-CloudSyncCycle -Id $args[0]")]
    [InlineData("Get-CloudSyncCycle -Id $args[0] | Undo-CloudSyncCycle")]
    [InlineData("$args[0] | Undo-CloudSyncCycle")]
    public void IsTakenBack(string script)
    {
        Run("Clear-CloudSyncQuarantine -Identity $args[0]", TestDirectory.Upn(Grace)).Clean();
        Run("Start-CloudSyncCycle -Wait").Clean();
        var before = Department;
        var changed = Change();
        var id = Run("Start-CloudSyncCycle -Wait").One<Cycle>().Id;
        Assert.Equal(changed, Department);

        var operation = Run($"{script} -WhatIf", id).One<PlannedOperation>();
        Assert.Equal((changed, before), ((string?)operation.Changes[0].Before, (string?)operation.Changes[0].After));
        Assert.Equal(changed, Department);

        var undone = Run($"{script} -Wait -Confirm:$false", id).One<Cycle>();
        Assert.Equal(CycleType.Undo, undone.Type);
        Assert.Equal(before, Department);

        // It stays so until it is released.
        Run("Start-CloudSyncCycle -Wait").Clean();
        Assert.Equal(before, Department);
        Assert.Empty(Run("Clear-CloudSyncQuarantine -Identity $args[0] -WhatIf", TestDirectory.Upn(Grace)).Clean().Output);
        Run("Clear-CloudSyncQuarantine -Identity $args[0]", TestDirectory.Upn(Grace)).One<ObjectInfo>();
        Run("Start-CloudSyncCycle -Wait").Clean();
        Assert.Equal(changed, Department);
    }

    [Theory]
    [InlineData("Get-CloudSyncCycle -First 1 | Approve-CloudSyncPlan -Confirm:$false")]
    [InlineData("Get-CloudSyncCycle -First 1 | Deny-CloudSyncPlan")]
    public void SaysThatACycleHoldsNothing(string script)
    {
        Run("Start-CloudSyncCycle -Wait").Clean();
        var error = Run(script).Error();
        Assert.StartsWith("NothingHeld,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
    }

    [Fact]
    public void SaysThatThereIsNothingToTakeBack()
    {
        Run("Start-CloudSyncCycle -Wait").Clean();
        var id = Run("Start-CloudSyncCycle -Wait").One<Cycle>().Id;
        var said = Run("Undo-CloudSyncCycle $args[0] -Wait -Confirm:$false", id);
        Assert.StartsWith("CS6019,", Assert.Single(said.Errors).FullyQualifiedErrorId);
    }
}

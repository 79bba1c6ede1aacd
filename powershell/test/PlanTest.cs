using System;
using System.Linq;

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
    [InlineData("Save-CloudSyncPlan $args[0]")]
    [InlineData("Save-CloudSyncPlan -CycleId $args[0]")]
    [InlineData("$args[0] | Save-CloudSyncPlan")]
    [InlineData("Get-CloudSyncCycle -Id $args[0] | Save-CloudSyncPlan")]
    [InlineData("(Get-CloudSyncPlan $args[0])[0] | Save-CloudSyncPlan")]
    public void IsSavedAndLetGoOf(string script)
    {
        Change();
        var id = Planned();
        Assert.Empty(Run($"{script} -WhatIf", id).Clean().Output);
        Assert.DoesNotContain(Run("Get-CloudSyncCycle -Saved").Many<Cycle>(), one => one.Id == id);
        Assert.True(Run(script, id).One<Cycle>().Saved);
        Assert.Contains(Run("Get-CloudSyncCycle -Saved").Many<Cycle>(), one => one.Id == id);
        Assert.Empty(Run("Remove-CloudSyncPlan $args[0] -WhatIf", id).Clean().Output);
        Assert.False(Run("Get-CloudSyncCycle -Id $args[0] | Remove-CloudSyncPlan", id).One<Cycle>().Saved);
    }

    [Fact]
    public void IsCarriedOutAsItWasShown()
    {
        var before = Department;
        var wanted = Change();
        var id = Planned();
        Run("Save-CloudSyncPlan $args[0]", id).Clean();
        var shown = Run("Invoke-CloudSyncPlan $args[0] -WhatIf", id);
        Assert.Equal(Grace, shown.One<PlannedOperation>().DisplayName);
        Assert.Contains("1 update", shown.Shown);
        Assert.Equal(before, Department);
        var cycle = Run("Get-CloudSyncCycle -Id $args[0] | Invoke-CloudSyncPlan -Wait -Confirm:$false", id).One<Cycle>();
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

    [Fact]
    public void SaysThatThereIsNothingToTakeBack()
    {
        Run("Start-CloudSyncCycle -Wait").Clean();
        var id = Run("Start-CloudSyncCycle -Wait").One<Cycle>().Id;
        var said = Run("Undo-CloudSyncCycle $args[0] -Wait -Confirm:$false", id);
        Assert.StartsWith("CS6019,", Assert.Single(said.Errors).FullyQualifiedErrorId);
    }
}

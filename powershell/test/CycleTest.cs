using System;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;

namespace CloudSync.Test;

public sealed class CycleTest(Daemon daemon) : DaemonTest(daemon)
{
    private DaemonStatus Status => Run("Get-CloudSyncStatus").One<DaemonStatus>();

    private long Newest => Run("Get-CloudSyncCycle -First 1").One<Cycle>().Id;

    private string Department(string name) =>
        Run("(Get-CloudSyncObject $args[0]).Tenant['department']", TestDirectory.Upn(name)).One<string>();

    [Fact]
    public void ShowsTheStatus()
    {
        var status = Status;
        Assert.Equal("sandbox", status.Tenant.Cloud);
        Assert.Equal("graph", status.Tenant.Target);
        var connector = Assert.Single(status.Connectors);
        Assert.Equal("contoso/corp.contoso.test", connector.Connector);
        Assert.Equal("healthy", connector.State);
        Assert.True(connector.LastReadAt <= DateTime.Now && connector.LastReadAt > DateTime.Now.AddHours(-1));
        Assert.Equal(TimeSpan.FromHours(12), status.Schedule.Delta);
        Assert.NotNull(status.Last);
        Assert.True(status.Objects.Single(one => one.Kind == "user").InTenant >= 4);
    }

    [Fact]
    public void StartsACycleAndGivesItWhileItRuns()
    {
        var cycle = Run("Start-CloudSyncCycle").One<Cycle>();
        Assert.Equal(CycleType.Delta, cycle.Type);
        Assert.Equal("manual", cycle.Trigger);
        Assert.False(cycle.Preview);
        Assert.Equal(cycle.Id, Run("Wait-CloudSyncCycle -Id $args[0]", cycle.Id).One<Cycle>().Id);
    }

    [Fact]
    public void WaitsForTheEndWithProgress()
    {
        Daemon.People.With("Grace Hopper", ("department", $"Navy {Guid.NewGuid():N}")).Write();
        var said = Run("Start-CloudSyncCycle -Type Full -Wait");
        var cycle = said.One<Cycle>();
        Assert.Equal(CycleState.Succeeded, cycle.State);
        Assert.Equal(CycleType.Full, cycle.Type);
        Assert.Equal(1, cycle.Counts.Updated);
        Assert.Equal(1, cycle.Counts.Differing);
        Assert.True(cycle.Counts.Compared >= cycle.Counts.Differing);
        Assert.Equal(ProgressRecordType.Completed, said.Progress[^1].RecordType);
        Assert.All(said.Progress, one => Assert.Equal($"Full cycle {cycle.Id}", one.Activity));
    }

    [Fact]
    public void TakesTheTypeByPropertyName() =>
        Assert.Equal(CycleType.Full, Run("[pscustomobject]@{ Type = 'Full' } | Start-CloudSyncCycle -Wait").One<Cycle>().Type);

    [Fact]
    public void RefusesATypeThatIsNone() =>
        Assert.StartsWith("ParameterArgumentValidationError", Run("Start-CloudSyncCycle -Type Unknown").Error().FullyQualifiedErrorId);

    [Fact]
    public void ShowsByWhatIfWhatACycleWouldDoAndChangesNothing()
    {
        Run("Start-CloudSyncCycle -Wait").Clean();
        var before = Department("Charles Babbage");
        var wanted = $"Engines {Guid.NewGuid():N}";
        Daemon.People.With("Charles Babbage", ("department", wanted), ("manager", TestDirectory.Dn("Ada Lovelace"))).Write();
        var said = Run("Start-CloudSyncCycle -WhatIf");
        var operation = said.One<PlannedOperation>();
        Assert.Equal(("update", "user", "Charles Babbage"), (operation.Type, operation.Kind, operation.DisplayName));
        var change = Assert.Single(operation.Changes);
        Assert.Equal(("department", before, wanted), (change.Attribute, (string?)change.Before, (string?)change.After));
        Assert.Contains("What if: Start a delta cycle", said.Shown);
        Assert.Equal(before, Department("Charles Babbage"));
        Assert.True(Run("Get-CloudSyncCycle -First 1").One<Cycle>().Preview);
        Assert.Equal(1, Run("Start-CloudSyncCycle -Wait").One<Cycle>().Counts.Updated);
        Assert.Equal(wanted, Department("Charles Babbage"));
        Assert.Empty(Run("Start-CloudSyncCycle -WhatIf").Clean().Output);
    }

    [Fact]
    public void DoesNothingWhereItIsNotConfirmed()
    {
        var before = Newest;
        var said = Run("Start-CloudSyncCycle -Confirm");
        Assert.Empty(said.Clean().Output);
        Assert.Contains("Start a delta cycle", said.Shown);
        Assert.Equal(before, Newest);
    }

    [Fact]
    public void ListsTheNewestCyclesFirst()
    {
        for (var i = 0; i < 3; i++) Run("Start-CloudSyncCycle -Wait").Clean();
        var ids = Run("Get-CloudSyncCycle -First 3").Many<Cycle>().Select(one => one.Id).ToArray();
        Assert.Equal([Newest, Newest - 1, Newest - 2], ids);
        Assert.Single(Run("Get-CloudSyncCycle -First 1").Output);
    }

    [Theory]
    [InlineData("Get-CloudSyncCycle -Id $args[0]")]
    [InlineData("Get-CloudSyncCycle $args[0]")]
    [InlineData("$args[0] | Get-CloudSyncCycle")]
    [InlineData("[pscustomobject]@{ Id = $args[0] } | Get-CloudSyncCycle")]
    [InlineData("[pscustomobject]@{ CycleId = $args[0] } | Get-CloudSyncCycle")]
    [InlineData("Get-CloudSyncCycle -Id $args[0] | Get-CloudSyncCycle")]
    [InlineData("@(Get-CloudSyncPlan $args[0] | Get-CloudSyncCycle)[0]")]
    public void FindsACycleByEachWayOfGivingItsNumber(string script)
    {
        var id = Run("Get-CloudSyncCycle -First 100").Many<Cycle>()[^1].Id;
        Assert.Equal(id, Run(script, id).One<Cycle>().Id);
    }

    [Fact]
    public void GoesOnAfterACycleThatIsNotThere()
    {
        var said = Run("999999, $args[0] | Get-CloudSyncCycle", Newest);
        var error = Assert.Single(said.Errors);
        Assert.Equal("CS6017,CloudSync.Cmdlets.GetCloudSyncCycle", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal("999999", error.TargetObject);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Single(said.Output);
    }

    [Fact]
    public void SaysThatACycleHasEndedAlready()
    {
        var error = Run("Stop-CloudSyncCycle -Id $args[0]", Newest).Error();
        Assert.StartsWith("CS7111,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, error.CategoryInfo.Category);
    }

    [Fact]
    public void StopsNothingWhereNothingRuns() =>
        Assert.Equal(["No cycle is running."], Run("Stop-CloudSyncCycle -Verbose").Clean().Verbose);

    [Fact]
    public void StopsNothingByWhatIf() => Assert.Contains("What if: ", Run("Stop-CloudSyncCycle -Id $args[0] -WhatIf", Newest).Clean().Shown);

    [Fact]
    public void WaitsForNothingWhereNothingRuns() => Assert.Empty(Run("Wait-CloudSyncCycle").Clean().Output);

    [Theory]
    [InlineData("Wait-CloudSyncCycle -Id $args[0]")]
    [InlineData("$args[0] | Wait-CloudSyncCycle")]
    [InlineData("Get-CloudSyncCycle $args[0] | Wait-CloudSyncCycle")]
    [InlineData("[pscustomobject]@{ CycleId = $args[0] } | Wait-CloudSyncCycle -Timeout 1:00")]
    public void GivesACycleThatHasEndedAtOnce(string script)
    {
        var id = Newest;
        Assert.Equal(id, Run(script, id).One<Cycle>().Id);
    }

    [Fact]
    public void HoldsWhatAGuardHoldsAndSaysSo()
    {
        foreach (var name in new[] { "Extra One", "Extra Two", "Extra Three" }) Daemon.People.With(name);
        Daemon.People.Write();
        Run("Start-CloudSyncCycle -Wait").Clean();
        foreach (var name in new[] { "Extra One", "Extra Two", "Extra Three" }) Daemon.People.Without(name);
        Daemon.People.Write();
        var said = Run("Start-CloudSyncCycle -Wait");
        var cycle = Assert.IsType<Cycle>(Assert.Single(said.Output).BaseObject);
        Assert.Equal(CycleState.Held, cycle.State);
        var error = Assert.Single(said.Errors);
        Assert.StartsWith("CS6004,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.PermissionDenied, error.CategoryInfo.Category);
        Assert.Equal(3, Run("Get-CloudSyncPlan -State Held -Type delete").Many<PlannedOperation>().Count);
    }

    [Fact]
    public void FindsAPlanByEachWayOfGivingItsCycle()
    {
        Daemon.People.With("Grace Hopper", ("department", $"Navy {Guid.NewGuid():N}")).Write();
        var id = Run("Start-CloudSyncCycle -Wait").One<Cycle>().Id;
        string[] scripts =
        [
            "Get-CloudSyncPlan", "Get-CloudSyncPlan $args[0]", "Get-CloudSyncPlan -CycleId $args[0] -State Done -Type update", "$args[0] | Get-CloudSyncPlan",
            "Get-CloudSyncCycle -First 1 | Get-CloudSyncPlan", "[pscustomobject]@{ CycleId = $args[0] } | Get-CloudSyncPlan",
        ];
        Assert.All(scripts, script =>
        {
            var operation = Run(script, id).One<PlannedOperation>();
            Assert.Equal((id, "Grace Hopper", OperationState.Done), (operation.CycleId, operation.DisplayName, operation.State));
        });
        Assert.Empty(Run("Get-CloudSyncPlan $args[0] -State Failed", id).Clean().Output);
        Assert.Empty(Run("Get-CloudSyncPlan $args[0] -Type delete", id).Clean().Output);
    }

    [Fact]
    public void ReadsLongListsPageByPage() => Assert.Equal(
        Run("Get-CloudSyncCycle -First 1000").Many<Cycle>().Count, Newest);

    [Fact]
    public void ShowsCyclesAsATableAndAsAList()
    {
        var table = Run("Get-CloudSyncCycle -First 2 | Out-Default").Shown;
        Assert.Matches(@"Id +Type +Preview +State +StartedAt +Duration +Result", table);
        Assert.Matches($@"(?m)^ *{Newest} (Delta|Full)", table);
    }

    [Fact]
    public void FindsCyclesByStateTypeAndWhetherTheyOnlyPlanned()
    {
        Run("Start-CloudSyncCycle -WhatIf").Clean();
        var preview = Newest;
        var full = Run("Start-CloudSyncCycle -Type Full -Wait").One<Cycle>().Id;
        Run("Start-CloudSyncCycle -Wait").Clean();
        Assert.Equal(preview, Run("Get-CloudSyncCycle -Preview -First 1").One<Cycle>().Id);
        Assert.Equal(full, Run("Get-CloudSyncCycle -Type full -State succeeded -First 1").One<Cycle>().Id);
        var all = Run("Get-CloudSyncCycle -First 1000").Many<Cycle>();
        Assert.Equal(all.Where(one => !one.Preview).Select(one => one.Id), Run("Get-CloudSyncCycle -Preview:$false -First 1000").Many<Cycle>().Select(one => one.Id));
        Assert.All(all.GroupBy(one => (one.State, one.Type)), group => Assert.Equal(
            group.Select(one => one.Id),
            Run("Get-CloudSyncCycle -State $args[0] -Type $args[1] -First 1000", group.Key.State, group.Key.Type).Many<Cycle>().Select(one => one.Id)));
    }

    [Fact]
    public void TellsHowLongEachPhaseTook()
    {
        var cycle = Run("Start-CloudSyncCycle -Type Full -Wait").One<Cycle>();
        Assert.Equal(["import", "evaluate", "confirm", "plan", "export"], cycle.Phases.Select(one => one.Phase));
        Assert.All(cycle.Phases, one => Assert.InRange(one.Duration!.Value, TimeSpan.Zero, cycle.Duration));
        Assert.Equal(cycle.Counts.Read, cycle.Phases[0].Done);
        Assert.Matches(@"^import \d+ in \d+\.\d s \(\d+ a second\)$", cycle.Phases[0].ToString());
        Assert.Equal(cycle.Phases[0].Done / Math.Max(cycle.Phases[0].Duration!.Value.TotalSeconds, 0.001), cycle.Phases[0].PerSecond);
    }
}

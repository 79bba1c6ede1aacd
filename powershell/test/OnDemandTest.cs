using System;
using System.Linq;
using System.Management.Automation;

namespace CloudSync.Test;

public sealed class OnDemandTest(Daemon daemon) : DaemonTest(daemon)
{
    private const string Charles = "Charles Babbage";

    private string Department => Run("(Get-CloudSyncObject $args[0]).Tenant['department']", TestDirectory.Upn(Charles)).One<string>();

    [Theory]
    [InlineData("Sync-CloudSyncObject $args[0]")]
    [InlineData("Sync-CloudSyncObject $args[1]")]
    [InlineData("Sync-CloudSyncObject $args[2]")]
    [InlineData("Sync-CloudSyncObject $args[3]")]
    [InlineData("$args[0] | Sync-CloudSyncObject")]
    [InlineData("Get-CloudSyncObject $args[0] | Sync-CloudSyncObject")]
    [InlineData("[pscustomobject]@{ DistinguishedName = $args[1] } | Sync-CloudSyncObject")]
    public void TakesOneObjectAllTheWay(string script)
    {
        object[] names = [TestDirectory.Upn(Charles), TestDirectory.Dn(Charles), TestDirectory.AnchorOf(Charles), TestDirectory.GuidOf(Charles).ToString()];
        var before = Department;
        var wanted = $"Engines {Guid.NewGuid():N}";
        Daemon.People.With(Charles, ("department", wanted), ("manager", TestDirectory.Dn("Ada Lovelace"))).Write();

        var dry = Run($"{script} -WhatIf", names).One<OnDemandResult>();
        Assert.False(dry.Applied);
        Assert.True(dry.Succeeded);
        Assert.Equal("update", Assert.Single(dry.Operations).Type);
        Assert.Equal(before, Department);

        var said = Run(script, names);
        var done = said.One<OnDemandResult>();
        Assert.Equal([ProgressRecordType.Processing, ProgressRecordType.Completed], said.Progress.Select(one => one.RecordType));
        Assert.True(done.Applied);
        Assert.Equal(["import", "scope", "match", "map", "perform"], done.Steps.Select(one => one.Name));
        Assert.Equal(wanted, Department);
    }

    [Fact]
    public void SaysWhyAnObjectTakesNoPart()
    {
        var result = Run("Sync-CloudSyncObject $args[0]", TestDirectory.Dn("MSOL_1234")).One<OnDemandResult>();
        Assert.Equal(("scope", "skipped"), (result.Steps[^1].Name, result.Steps[^1].Status));
        Assert.Empty(result.Operations);
    }

    [Fact]
    public void TakesTheMembersOfAGroupThatAreNamed() =>
        Assert.True(Run("Sync-CloudSyncObject $args[0] -Member $args[1]", TestDirectory.Dn("Engineers"), TestDirectory.Upn("Ada Lovelace")).One<OnDemandResult>().Succeeded);

    [Theory]
    [InlineData("Get-CloudSyncExplanation $args[0]")]
    [InlineData("$args[0] | Get-CloudSyncExplanation")]
    [InlineData("Get-CloudSyncObject $args[0] | Get-CloudSyncExplanation")]
    [InlineData("[pscustomobject]@{ Identity = $args[0] } | Get-CloudSyncExplanation")]
    [InlineData("[pscustomobject]@{ Anchor = $args[1]; DistinguishedName = $null } | Get-CloudSyncExplanation")]
    public void ExplainsAnObject(string script)
    {
        Run("Start-CloudSyncCycle -Wait").Clean();
        var explanation = Run(script, TestDirectory.Upn(Charles), TestDirectory.AnchorOf(Charles)).One<Explanation>();
        Assert.Equal((Charles, "nothing"), (explanation.Object.DisplayName, explanation.Outcome));
        Assert.Contains(explanation.History, one => one is { Action: "create", Status: "success" });
        Assert.Equal("earlierCycle", explanation.MatchedBy);
        Assert.Matches("(?m)^State +: synced", Run($"{script} | Out-Default", TestDirectory.Upn(Charles), TestDirectory.AnchorOf(Charles)).Shown);
    }

    [Theory]
    [InlineData("Get-CloudSyncExplanation")]
    [InlineData("Sync-CloudSyncObject")]
    public void GoesOnAfterOneThatIsNotThere(string cmdlet)
    {
        var said = Run($"'11111111-2222-3333-4444-555555555555', 'nobody@corp.contoso.test', $args[0] | {cmdlet}", TestDirectory.Upn(Charles));
        Assert.Single(said.Output);
        if (cmdlet == "Get-CloudSyncExplanation") Assert.All(said.Errors, one => Assert.StartsWith("CS6018,", one.FullyQualifiedErrorId));
        Assert.Equal(2, said.Errors.Count);
    }
}

public sealed class ProvisioningLogTest(Daemon daemon) : DaemonTest(daemon)
{
    [Fact]
    public void IsSearchedByEachOfItsColumns()
    {
        var ada = Run("Get-CloudSyncObject $args[0] | Get-CloudSyncProvisioningLog", TestDirectory.Upn("Ada Lovelace")).Many<ProvisioningLogEntry>();
        Assert.NotEmpty(ada);
        Assert.All(ada, one => Assert.Equal(TestDirectory.AnchorOf("Ada Lovelace"), one.Anchor));
        var created = ada.Single(one => one.Action == "create");
        Assert.Contains(
            Run("Get-CloudSyncProvisioningLog -CycleId $args[0] -Action create -Status success", created.CycleId).Many<ProvisioningLogEntry>(),
            one => one.EntryId == created.EntryId);
        var ofCycle = Run("Get-CloudSyncCycle -Id $args[0] | Get-CloudSyncProvisioningLog", created.CycleId).Many<ProvisioningLogEntry>();
        Assert.Contains(ofCycle, one => one.EntryId == created.EntryId);
        Assert.All(ofCycle, one => Assert.Equal(created.CycleId, one.CycleId));
        Assert.Empty(Run("Get-CloudSyncProvisioningLog -To $args[0]", created.At.AddDays(-1)).Clean().Output);
        Assert.NotEmpty(Run("Get-CloudSyncProvisioningLog -From $args[0] -First 1", created.At).Many<ProvisioningLogEntry>());
        Assert.Single(Run("Get-CloudSyncProvisioningLog -First 1").Output);
    }

    [Fact]
    public void IsFoundWhole() => Assert.True(Run("Test-CloudSyncProvisioningLog").One<bool>());
}

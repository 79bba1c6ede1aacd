using System;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace CloudSync.Test;

public sealed class ConfigurationTest(Daemon daemon) : DaemonTest(daemon)
{
    private ConfigurationVersion InForce => Run("Get-CloudSyncConfiguration").One<ConfigurationVersion>();

    /// <summary>Another text each time, in force from now on.</summary>
    private ConfigurationVersion Change() => Run(
        "$c = Get-CloudSyncConfiguration; $c.Text = $c.Text + \"`n# $($args[0])`n\"; $c | Set-CloudSyncConfiguration -Confirm:$false", Guid.NewGuid()).One<ConfigurationVersion>();

    [Fact]
    public void IsShownWithItsDefaults()
    {
        var configuration = InForce;
        Assert.Contains("cloud: sandbox", configuration.Text);
        Assert.Equal(Path.GetFileName(Daemon.Configuration), Path.GetFileName(configuration.File));
        Assert.Equal("global", Run("(Get-CloudSyncConfiguration).Document.tenant.cloud -replace 'sandbox', 'global'").One<string>());
    }

    [Theory]
    [InlineData("Get-CloudSyncConfiguration -Version $args[0]")]
    [InlineData("Get-CloudSyncConfiguration $args[0]")]
    [InlineData("$args[0] | Get-CloudSyncConfiguration")]
    [InlineData("(Get-CloudSyncConfiguration -History)[-1] | Get-CloudSyncConfiguration")]
    public void IsFoundByVersion(string script)
    {
        var first = Run(script, 1L).One<ConfigurationVersion>();
        Assert.Equal(1, first.Version);
        Assert.NotNull(first.Text);
    }

    [Fact]
    public void SaysThatThereIsNoSuchVersion() => Assert.StartsWith("CS7118,", Run("Get-CloudSyncConfiguration -Version 999").Error().FullyQualifiedErrorId);

    [Fact]
    public void IsCheckedByPath()
    {
        Assert.True(Run("Test-CloudSyncConfiguration $args[0]", Daemon.Configuration).One<ConfigurationCheck>().Valid);
        Assert.Equal(Daemon.Configuration, Run("$args[0] | Test-CloudSyncConfiguration", Daemon.Configuration).One<ConfigurationCheck>().Path);
        Assert.True(Run("[pscustomobject]@{ FullName = $args[0] } | Test-CloudSyncConfiguration", Daemon.Configuration).One<ConfigurationCheck>().Valid);
    }

    [Fact]
    public void IsCheckedAsText()
    {
        var check = Run("Test-CloudSyncConfiguration -Text \"version: 1`ntenent: {}\"").One<ConfigurationCheck>();
        Assert.False(check.Valid);
        Assert.All(check.Errors, one => Assert.StartsWith("CS1", one.Code));
        Assert.Contains(check.Errors, one => one.Message.Contains("tenent", StringComparison.Ordinal));
    }

    [Fact]
    public void GoesOnAfterAFileThatCannotBeRead()
    {
        var said = Run("'/nowhere/cloudsync.yaml', $args[0] | Test-CloudSyncConfiguration", Daemon.Configuration);
        Assert.StartsWith("FileUnreadable,", Assert.Single(said.Errors).FullyQualifiedErrorId);
        Assert.Single(said.Output);
    }

    [Fact]
    public void IsReplacedByAChangedOneAndKeptAsAVersion()
    {
        var before = InForce;
        var after = Change();
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Equal(after.Text, File.ReadAllText(Daemon.Configuration));
        Assert.Equal(Environment.UserName, after.Actor);
        Assert.Equal(after.Version, Run("(Get-CloudSyncConfiguration -History)[0]").One<ConfigurationVersion>().Version);
    }

    /// <summary>What the daemon says a configuration would do is its own plan.</summary>
    [Theory]
    [InlineData("Set-CloudSyncConfiguration -Text $args[0] -WhatIf")]
    [InlineData("$c = Get-CloudSyncConfiguration; $c.Text = $args[0]; $c | Set-CloudSyncConfiguration -WhatIf")]
    [InlineData("Import-CloudSyncConfiguration $args[1] -WhatIf")]
    public void IsOnlyAssessedByWhatIf(string script)
    {
        Run("Start-CloudSyncCycle -Wait").Clean();
        var before = InForce;
        var text = before.Text + "\nmappings: { user: { department: { constant: Everybody } } }\n";
        var file = Path.Combine(Path.GetDirectoryName(Daemon.Configuration)!, $"{Guid.NewGuid()}.yaml");
        File.WriteAllText(file, text);
        var said = Run(script, text, file);
        var assessment = said.One<Assessment>();
        Assert.Equal([ProgressRecordType.Processing, ProgressRecordType.Completed], said.Progress.Select(one => one.RecordType));
        Assert.True(assessment.Operations >= 3);
        Assert.All(assessment.Sample, one => Assert.Equal("update", one.Type));
        Assert.Equal(before.Version, InForce.Version);
        Assert.Empty(Run("Start-CloudSyncCycle -WhatIf").Clean().Output);
    }

    [Fact]
    public void IsAssessedFromItsOwnFileBeforeItIsReadAgain()
    {
        var before = InForce;
        Assert.Equal(0, Run("Import-CloudSyncConfiguration -WhatIf").One<Assessment>().Operations);
        Assert.StartsWith("CS1", Run("Set-CloudSyncConfiguration -Text 'version: 2' -WhatIf").Error().FullyQualifiedErrorId);
        Assert.Equal(before.Version, InForce.Version);
    }

    [Fact]
    public void IsNotReplacedByAWrongOne()
    {
        var before = InForce;
        Assert.StartsWith("CS1", Run("Set-CloudSyncConfiguration -Text 'version: 2' -Confirm:$false").Error().FullyQualifiedErrorId);
        Assert.Equal(before.Digest, InForce.Digest);
    }

    [Fact]
    public void IsNotReplacedWhereSomebodyElseWasQuicker()
    {
        var seen = InForce;
        var theirs = Change();
        var error = Run("Set-CloudSyncConfiguration -Text $args[0] -Digest $args[1] -Confirm:$false", seen.Text + "# mine\n", seen.Digest).Error();
        Assert.StartsWith("CS7115,", error.FullyQualifiedErrorId);
        Assert.Equal(theirs.Digest, InForce.Digest);
    }

    [Fact]
    public void IsReadAgainFromItsFileOrFromAnother()
    {
        File.AppendAllText(Daemon.Configuration, $"# edited {Guid.NewGuid()}\n");
        var reloaded = Run("Import-CloudSyncConfiguration -Confirm:$false").One<ConfigurationVersion>();
        Assert.Equal(File.ReadAllText(Daemon.Configuration), reloaded.Text);
        var other = Path.Combine(Path.GetDirectoryName(Daemon.Configuration)!, $"{Guid.NewGuid()}.yaml");
        File.WriteAllText(other, reloaded.Text + "# other\n");
        Assert.EndsWith("# other\n", Run("$args[0] | Import-CloudSyncConfiguration -Confirm:$false", other).One<ConfigurationVersion>().Text);
        Assert.StartsWith("FileUnreadable,", Run("Import-CloudSyncConfiguration /nowhere -Confirm:$false").Error().FullyQualifiedErrorId);
    }

    [Fact]
    public void IsComparedAndRestored()
    {
        var before = InForce;
        var text = before.Text!.Contains("delta: 12h", StringComparison.Ordinal) ? before.Text.Replace("delta: 12h", "delta: 11h") : before.Text.Replace("delta: 11h", "delta: 12h");
        var after = Run("Set-CloudSyncConfiguration -Text $args[0] -Confirm:$false", text).One<ConfigurationVersion>();
        string[] scripts = ["Compare-CloudSyncConfiguration $args[0]", "Compare-CloudSyncConfiguration -Version $args[0] -With $args[1]", "$args[0] | Compare-CloudSyncConfiguration", "Get-CloudSyncConfiguration $args[0] | Compare-CloudSyncConfiguration"];
        Assert.All(scripts, script => Assert.Equal("schedule.delta", Run(script, before.Version, after.Version).One<ConfigurationDifference>().Path));

        var newest = after.Version;
        string[] ways = ["Restore-CloudSyncConfiguration -Version $args[0]", "$args[0] | Restore-CloudSyncConfiguration", "Get-CloudSyncConfiguration $args[0] | Restore-CloudSyncConfiguration"];
        foreach (var way in ways)
        {
            Assert.Equal(0, Run($"{way} -WhatIf", before.Version).One<Assessment>().Operations);
            Assert.Equal(newest, InForce.Version);
            var restored = Run($"{way} -Confirm:$false", before.Version).One<ConfigurationVersion>();
            Assert.Equal((++newest, before.Digest), (restored.Version, restored.Digest));
            newest = Run("Restore-CloudSyncConfiguration $args[0] -Confirm:$false", after.Version).One<ConfigurationVersion>().Version;
        }
        Run("Restore-CloudSyncConfiguration $args[0] -Confirm:$false", before.Version).Clean();
        Assert.Empty(Run("Compare-CloudSyncConfiguration $args[0]", before.Version).Clean().Output);
    }

    [Fact]
    public void IsExported()
    {
        var file = Path.Combine(Path.GetDirectoryName(Daemon.Configuration)!, $"{Guid.NewGuid()}.yaml");
        Assert.Empty(Run("Export-CloudSyncConfiguration $args[0] -WhatIf", file).Clean().Output);
        Assert.False(File.Exists(file));
        Assert.Equal(file, Run("Export-CloudSyncConfiguration -Path $args[0]", file).One<FileInfo>().FullName);
        Assert.Equal(InForce.Text, File.ReadAllText(file));
        Assert.StartsWith("FileUnwritable,", Run("Export-CloudSyncConfiguration $args[0]", file).Error().FullyQualifiedErrorId);
        var first = Run("Get-CloudSyncConfiguration 1 | Export-CloudSyncConfiguration -Path $args[0] -Force", file).One<FileInfo>();
        Assert.Equal(Run("(Get-CloudSyncConfiguration 1).Text").One<string>(), File.ReadAllText(first.FullName));
    }

    [Fact]
    public void OffersVersions() => Assert.Equal($"{InForce.Version}", Shell.Complete("Compare-CloudSyncConfiguration -Version ")[0].CompletionText);
}

public sealed class ExpressionTest(Daemon daemon) : DaemonTest(daemon)
{
    [Fact]
    public void IsEvaluatedOnAttributesByName()
    {
        Assert.Equal("Ada Lovelace", Run("Test-CloudSyncExpression 'Join(\" \", [givenName], [sn])' @{ givenName = 'Ada'; sn = 'Lovelace' }").One<ExpressionResult>().Result);
        Assert.Equal("ADA", Run("Test-CloudSyncExpression -Expression 'UCase([givenName])' -Dialect connect -Attribute @{ givenName = 'Ada' }").One<ExpressionResult>().Result);
    }

    [Fact]
    public void IsEvaluatedOnAnObjectOfTheDirectory() => Assert.Equal(
        "LOVELACE", Run("Get-CloudSyncObject $args[0] | Test-CloudSyncExpression 'ToUpper([sn])'", TestDirectory.Upn("Ada Lovelace")).One<ExpressionResult>().Result);

    [Fact]
    public void SaysWhatIsWrongWithIt()
    {
        var error = Run("Test-CloudSyncExpression 'Joyn([a], [b])'").Error();
        Assert.StartsWith("CS3", error.FullyQualifiedErrorId);
        Assert.Equal("Joyn([a], [b])", error.TargetObject);
    }
}

public sealed class ErrorTest(Daemon daemon) : DaemonTest(daemon)
{
    [Fact]
    public void IsListedByCodeAndScopeWithWhatToDo()
    {
        // Two with one user principal name: the tenant takes the first.
        Daemon.People.With("Twin One", ("userPrincipalName", TestDirectory.Upn("twin"))).With("Twin Two", ("userPrincipalName", TestDirectory.Upn("twin"))).Write();
        Run("Start-CloudSyncCycle -Wait");
        var error = Run("Get-CloudSyncError -Scope user").Many<SyncError>().First(one => one.Name.StartsWith("Twin", StringComparison.Ordinal));
        Assert.StartsWith("CS", error.Code);
        Assert.NotEmpty(error.Remedy);
        Assert.Contains(Run($"Get-CloudSyncError {error.Code}").Many<SyncError>(), one => one.Identity == error.Identity);
        Assert.Contains(Run("Get-CloudSyncError cs*").Many<SyncError>(), one => one.Identity == error.Identity);
        Assert.Empty(Run("Get-CloudSyncError -Scope group").Clean().Output);
        Assert.Empty(Run("Get-CloudSyncError Twin").Clean().Output);
        Assert.Contains(error.Code, Shell.Complete("Get-CloudSyncError -Code ").Select(one => one.CompletionText));
        Assert.NotNull(Run("Get-CloudSyncError $args[0] | Get-CloudSyncObject", error.Code).Many<ObjectInfo>()[0].Error);
        Assert.NotNull(Run("Get-CloudSyncError $args[0] | Get-CloudSyncExplanation", error.Code).Many<Explanation>()[0].Error);
        Assert.Contains(Run("Get-CloudSyncError $args[0] | Get-CloudSyncError", error.Code).Many<SyncError>(), one => one.Identity == error.Identity);
        string[] ways =
        [
            "Get-CloudSyncError -Scope user | Where-Object Identity -EQ $args[0] | Clear-CloudSyncQuarantine", "Clear-CloudSyncQuarantine -InputObject (Get-CloudSyncError | Where-Object Identity -EQ $args[0])",
            "Get-CloudSyncObject $args[0] | Clear-CloudSyncQuarantine", "$args[0] | Clear-CloudSyncQuarantine", "Clear-CloudSyncQuarantine -Identity $args[0]",
        ];
        foreach (var way in ways)
        {
            var asked = Run($"{way} -WhatIf", error.Identity).Clean();
            Assert.Contains(error.Identity!, asked.Shown);
            Assert.Empty(asked.Output);
            Assert.Equal(error.Identity, Run(way, error.Identity).One<ObjectInfo>().Anchor);
            Run("Start-CloudSyncCycle -Wait");
        }
    }

    [Theory]
    [InlineData("Clear-CloudSyncQuarantine")]
    [InlineData("Clear-CloudSyncQuarantine -Tenant")]
    [InlineData("Clear-CloudSyncQuarantine -Object")]
    [InlineData("Clear-CloudSyncQuarantine -Connector contoso/corp.contoso.test")]
    [InlineData("Get-CloudSyncDomain | Clear-CloudSyncQuarantine")]
    public void IsForgottenSoThatItIsTriedAgain(string script)
    {
        var said = Run($"{script} -WhatIf").Clean();
        Assert.StartsWith("What if: ", said.Shown);
        Assert.Empty(said.Output);
        Run(script).One<DaemonStatus>();
    }

    [Fact]
    public void SaysThatThereIsNoSuchConnector() => Assert.Equal("nowhere/nothing", Run("Clear-CloudSyncQuarantine -Connector nowhere/nothing").Error().TargetObject);
}

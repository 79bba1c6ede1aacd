using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace CloudSync.Test;

public sealed class DirectoryTest(Daemon daemon) : DaemonTest(daemon)
{
    [Theory]
    [InlineData("Get-CloudSyncForest")]
    [InlineData("Get-CloudSyncForest contoso")]
    [InlineData("Get-CloudSyncForest -Name CON*")]
    [InlineData("'contoso' | Get-CloudSyncForest")]
    [InlineData("[pscustomobject]@{ Forest = 'contoso' } | Get-CloudSyncForest")]
    [InlineData("Get-CloudSyncForest | Get-CloudSyncForest")]
    public void FindsForests(string script)
    {
        var forest = Run(script).One<Forest>();
        Assert.Equal(("contoso", "healthy"), (forest.Name, forest.State));
        Assert.Equal(TestDirectory.Domain, Assert.Single(forest.Domains).Domain);
        Assert.NotNull(forest.LastReadAt);
    }

    [Theory]
    [InlineData("Get-CloudSyncDomain")]
    [InlineData("Get-CloudSyncDomain corp.contoso.test")]
    [InlineData("Get-CloudSyncDomain -Name corp.*")]
    [InlineData("Get-CloudSyncDomain -Forest contoso")]
    [InlineData("'corp.contoso.test' | Get-CloudSyncDomain")]
    [InlineData("[pscustomobject]@{ Name = 'corp.contoso.test' } | Get-CloudSyncDomain")]
    [InlineData("[pscustomobject]@{ Domain = 'corp.*'; Forest = 'contoso' } | Get-CloudSyncDomain")]
    [InlineData("Get-CloudSyncDomain | Get-CloudSyncDomain")]
    [InlineData("Get-CloudSyncForest | Get-CloudSyncDomain")]
    [InlineData("Get-CloudSyncAgent | Get-CloudSyncDomain")]
    [InlineData("Get-CloudSyncDomain -InputObject (Get-CloudSyncForest)")]
    [InlineData("Get-CloudSyncDomain -Agent (Get-CloudSyncAgent)")]
    public void FindsDomains(string script) => Assert.Equal("contoso/corp.contoso.test", Run(script).One<ConnectorStatus>().Connector);

    [Theory]
    [InlineData("Get-CloudSyncForest fabrikam")]
    [InlineData("Get-CloudSyncDomain fabrikam")]
    public void SaysWhatIsNotConfigured(string script)
    {
        var error = Run(script).Error();
        Assert.StartsWith("NotConfigured,", error.FullyQualifiedErrorId);
        Assert.Equal("fabrikam", error.TargetObject);
        Assert.Empty(Run($"{script}*").Clean().Output);
    }

    [Theory]
    [InlineData("'contoso' | Get-CloudSyncDomain")]
    [InlineData("[pscustomobject]@{ Domain = 'corp.contoso.test'; Forest = 'fabrikam' } | Get-CloudSyncDomain")]
    [InlineData("Get-CloudSyncStatus | Get-CloudSyncDomain")]
    public void SaysThatWhatIsPipedIsNoDomain(string script) => Assert.StartsWith("NotConfigured,", Run(script).Error().FullyQualifiedErrorId);

    [Theory]
    [InlineData("Get-CloudSyncForest c", "contoso")]
    [InlineData("Get-CloudSyncDomain -Forest ", "contoso")]
    [InlineData("Get-CloudSyncDomain C", "corp.contoso.test")]
    public void OffersNames(string line, string name) => Assert.Equal(name, Shell.Complete(line).First().CompletionText);

    /// <summary>A list breaks what is too long wherever the console ends.</summary>
    [Fact]
    public void ShowsTheStatusWithoutBreakingAWord()
    {
        Run("Start-CloudSyncCycle -Wait").Clean();
        var shown = Run("Get-CloudSyncStatus | Out-Default").Shown;
        Assert.Matches(@"(?m)^Objects +: user: \d+ read, \d+ in scope, \d+ in the tenant$", shown);
        Assert.Matches(@"(?m)^ +device: \d+ read, \d+ in scope, \d+ in the tenant$", shown);
        File.Move(Daemon.People.File, Daemon.People.File + ".away");
        try
        {
            Run("Start-CloudSyncCycle -Wait");
            var failed = Run("Get-CloudSyncStatus").One<DaemonStatus>();
            shown = Run("Get-CloudSyncStatus | Out-Default").Shown;
            Assert.Contains(Regex.Replace($"{failed.Last!.Error}", @"\s", ""), Regex.Replace(shown, @"\s", ""));
            Assert.All(shown.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        }
        finally
        {
            File.Move(Daemon.People.File + ".away", Daemon.People.File);
            Run("Clear-CloudSyncQuarantine; Start-CloudSyncCycle -Wait");
        }
    }

    [Fact]
    public void ShowsTables()
    {
        Assert.Matches(@"Name +State +Objects +LastReadAt +Domains", Run("Get-CloudSyncForest | Out-Default").Shown);
        Assert.Matches(@"Connector +State +Objects +LastReadAt +Server", Run("Get-CloudSyncDomain | Out-Default").Shown);
    }
}

using System.Linq;

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
    [InlineData("'contoso' | Get-CloudSyncDomain")]
    [InlineData("Get-CloudSyncForest | Get-CloudSyncDomain")]
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
    [InlineData("Get-CloudSyncForest c", "contoso")]
    [InlineData("Get-CloudSyncDomain -Forest ", "contoso")]
    [InlineData("Get-CloudSyncDomain C", "corp.contoso.test")]
    public void OffersNames(string line, string name) => Assert.Equal(name, Shell.Complete(line).First().CompletionText);

    [Fact]
    public void ShowsTables()
    {
        Assert.Matches(@"Name +State +Objects +LastReadAt +Domains", Run("Get-CloudSyncForest | Out-Default").Shown);
        Assert.Matches(@"Connector +State +Objects +LastReadAt +Server", Run("Get-CloudSyncDomain | Out-Default").Shown);
    }
}

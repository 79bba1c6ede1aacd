using System.Linq;

namespace CloudSync.Test;

public sealed class AgentTest(Daemon daemon) : DaemonTest(daemon)
{
    [Theory]
    [InlineData("Get-CloudSyncAgent")]
    [InlineData("Get-CloudSyncAgent built-in")]
    [InlineData("Get-CloudSyncAgent -Name BUILT*")]
    [InlineData("'built-in' | Get-CloudSyncAgent")]
    [InlineData("[pscustomobject]@{ Name = 'built-in' } | Get-CloudSyncAgent")]
    [InlineData("Get-CloudSyncAgent | Get-CloudSyncAgent")]
    public void TellsWhoReadsWhichDomains(string script)
    {
        var agent = Run(script).One<Agent>();
        Assert.Equal(("built-in", "online", true), (agent.Name, agent.State, agent.BuiltIn));
        Assert.NotEmpty(agent.HostName);
        Assert.NotNull(agent.Since);
        var domain = Assert.Single(agent.Domains);
        Assert.Equal((TestDirectory.Domain, "healthy"), (domain.Domain, domain.State));
        // A file is read: there is no domain controller.
        Assert.Empty(domain.Controllers);
    }

    [Fact]
    public void SaysThatThereIsNoSuchAgent()
    {
        Assert.StartsWith("NotConfigured,", Run("Get-CloudSyncAgent elsewhere").Error().FullyQualifiedErrorId);
        Assert.Empty(Run("Get-CloudSyncAgent elsewhere*").Clean().Output);
    }

    [Fact]
    public void ReadsWhatIsKnownOfDomainControllers()
    {
        var agent = new Agent(JsonObject.Parse("""
            {"name":"a","domains":[{"name":"contoso/corp.contoso.test","forest":"contoso","domain":"corp.contoso.test","state":"healthy",
            "controllers":[{"url":"ldaps://dc1","inUse":true,"failures":0,"leftAloneUntil":null,"lastContactAt":"2026-01-01T00:00:00Z"},
            {"url":"ldaps://dc2","inUse":false,"failures":3,"leftAloneUntil":"2026-01-01T00:01:00Z","lastContactAt":null}]}]}
            """));
        var controllers = Assert.Single(agent.Domains).Controllers;
        Assert.Equal(["ldaps://dc1 (in use)", $"ldaps://dc2 (left alone until {controllers[1].LeftAloneUntil})"], controllers.Select(one => one.ToString()));
        Assert.Equal((3, null), (controllers[1].Failures, controllers[1].LastContactAt));
    }

    [Fact]
    public void OffersNames() => Assert.Equal("built-in", Shell.Complete("Get-CloudSyncAgent b").First().CompletionText);
}

using System;
using System.IO;
using System.Linq;

namespace CloudSync.Test;

public sealed class CompletionTest(Daemon daemon) : DaemonTest(daemon)
{
    private string[] Offered(string line) => [.. Shell.Complete(line).Select(one => one.CompletionText)];

    [Fact]
    public void OffersTheNewestCyclesByNumber()
    {
        var newest = Run("Get-CloudSyncCycle -First 1").One<Cycle>();
        string[] lines = ["Get-CloudSyncCycle -Id ", "Wait-CloudSyncCycle ", "Stop-CloudSyncCycle -Id ", "Get-CloudSyncPlan -CycleId "];
        Assert.All(lines, line => Assert.Equal($"{newest.Id}", Offered(line)[0]));
        Assert.Contains($"{newest.Id}", Offered($"Get-CloudSyncCycle -Id {newest.Id}"));
        Assert.Contains($"{newest.State}", Shell.Complete("Get-CloudSyncCycle -Id ")[0].ListItemText);
    }

    [Theory]
    [InlineData("Get-CloudSyncObject ada", "ada.lovelace@corp.contoso.test")]
    [InlineData("Get-CloudSyncExplanation GRACE.H", "grace.hopper@corp.contoso.test")]
    [InlineData("Sync-CloudSyncObject -Identity 'Ada L", "ada.lovelace@corp.contoso.test")]
    [InlineData("Get-CloudSyncObject -UserPrincipalName char", "charles.babbage@corp.contoso.test")]
    [InlineData("Get-CloudSyncObject 'cn=eng", "'CN=Engineers,OU=People,DC=corp,DC=contoso,DC=test'")]
    [InlineData("Get-CloudSyncObject 'CN=Ada Lovelace,OU=", "'CN=Ada Lovelace,OU=People,DC=corp,DC=contoso,DC=test'")]
    [InlineData("Clear-CloudSyncQuarantine -Identity ada", "ada.lovelace@corp.contoso.test")]
    [InlineData("Sync-CloudSyncObject x -Member ada", "ada.lovelace@corp.contoso.test")]
    public void OffersObjectsByWhatTheirNamesBeginWith(string line, string name) => Assert.Equal([name], Offered(line));

    [Fact]
    public void OffersTheCodesOfTheErrorsThereAre()
    {
        File.Move(Daemon.People.File, Daemon.People.File + ".away");
        try
        {
            Run("Start-CloudSyncCycle -Wait");
            Assert.Equal([Run("(Get-CloudSyncError -Scope domain).Code").One<string>()], Offered("Get-CloudSyncError -Code CS2"));
        }
        finally
        {
            File.Move(Daemon.People.File + ".away", Daemon.People.File);
            Run("Clear-CloudSyncQuarantine; Start-CloudSyncCycle -Wait");
        }
    }

    [Fact]
    public void OffersTheWordsOfClosedLists()
    {
        Assert.Equal(["Delta", "Full"], Offered("Start-CloudSyncCycle -Type "));
        Assert.Equal(["delete"], Offered("Get-CloudSyncPlan -Type del"));
        Assert.Contains("Held", Offered("Get-CloudSyncPlan -State H"));
        Assert.Contains("Warn", Offered("Get-CloudSyncLog -Level W"));
    }

    [Fact]
    public void OffersNothingOfADaemonThatIsNotConnectedTo()
    {
        Run("Disconnect-CloudSync").Clean();
        Assert.DoesNotContain(Offered("Get-CloudSyncCycle -Id "), one => one.All(char.IsDigit));
    }
}

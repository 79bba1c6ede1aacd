using System;
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

using System;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;

namespace CloudSync.Test;

/// <summary>What is done while a cycle runs: on a daemon of its own, with enough people to keep it busy.</summary>
public sealed class BusyDaemonTest : IAsyncLifetime, IDisposable
{
    private readonly Daemon _daemon = new() { More = 20_000, AwaitFirstCycle = false };
    private readonly Shell _shell = new();

    public Task InitializeAsync() => _daemon.InitializeAsync();

    public Task DisposeAsync() => _daemon.DisposeAsync();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task IsWatchedLeftAloneAndStopped()
    {
        _shell.Run("Connect-CloudSync $args[0]", _daemon.DataPath).Clean();
        var running = Running();
        Assert.Equal(CycleState.Running, running.State);

        // Ctrl+C ends the waiting at once; the cycle goes on.
        var interrupted = await _shell.Interrupt("Wait-CloudSyncCycle; 'went on'", () => _shell.ProgressSoFar.Count > 1);
        Assert.Empty(interrupted.Output);
        Assert.Equal(running.Id, Running().Id);

        var late = _shell.Run("Wait-CloudSyncCycle -Timeout 00:00:00.2").Error();
        Assert.StartsWith("CycleStillRunning,", late.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.OperationTimeout, late.CategoryInfo.Category);

        var busy = _shell.Run("Start-CloudSyncCycle").Error();
        Assert.Equal("CS6001,CloudSync.Cmdlets.StartCloudSyncCycle", busy.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, busy.CategoryInfo.Category);
        Assert.Equal($"{running.Id}", busy.TargetObject);

        Assert.Contains("What if: ", _shell.Run("Stop-CloudSyncCycle -WhatIf").Clean().Shown);
        Assert.Equal(running.Id, Running().Id);

        Assert.Equal(running.Id, _shell.Run("Stop-CloudSyncCycle").One<Cycle>().Id);
        var ended = _shell.Run("Wait-CloudSyncCycle $args[0]", running.Id);
        Assert.Equal(CycleState.Stopped, Assert.IsType<Cycle>(Assert.Single(ended.Output).BaseObject).State);
        Assert.StartsWith("CS6002,", Assert.Single(ended.Errors).FullyQualifiedErrorId);
    }

    /// <summary>The cycle that runs; a first one begins a moment after the daemon does.</summary>
    private Cycle Running()
    {
        for (; ; )
        {
            var status = _shell.Run("Get-CloudSyncStatus").One<DaemonStatus>();
            if (status.Running is not null) return status.Running;
            Assert.Null(status.Last);
        }
    }
}

using System;
using System.Linq;
using System.Threading.Tasks;

namespace CloudSync.Test;

public sealed class ScheduleTest(Daemon daemon) : DaemonTest(daemon)
{
    private Schedule Schedule => Run("Get-CloudSyncSchedule").One<Schedule>();

    [Fact]
    public void IsChangedInPartAndReset()
    {
        var set = Run("Set-CloudSyncSchedule -Delta 05:30:00 -Full 3.00:00:00").One<Schedule>();
        Assert.Equal((new TimeSpan(5, 30, 0), TimeSpan.FromDays(3), false, true), (set.Delta, set.Full, set.Watch, set.Overridden));
        Assert.Equal(TimeSpan.FromHours(5), Run("Set-CloudSyncSchedule -Delta 05:00:00").One<Schedule>().Delta);
        Assert.Equal(TimeSpan.FromDays(3), Schedule.Full);
        Assert.False(Run("Set-CloudSyncSchedule -Watch $false").One<Schedule>().Watch);
        var reset = Run("Set-CloudSyncSchedule -Reset").One<Schedule>();
        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.FromDays(7), false), (reset.Delta, reset.Full, reset.Overridden));
    }

    [Fact]
    public void TakesAScheduleFromThePipeline()
    {
        Assert.Equal(TimeSpan.FromHours(9), Run("[pscustomobject]@{ Delta = [timespan]'09:00:00' } | Set-CloudSyncSchedule").One<Schedule>().Delta);
        Assert.Equal(TimeSpan.FromHours(9), Run("Get-CloudSyncSchedule | Set-CloudSyncSchedule").One<Schedule>().Delta);
        Run("Set-CloudSyncSchedule -Reset").Clean();
    }

    [Theory]
    [InlineData("Set-CloudSyncSchedule -Delta 00:10:00")]
    [InlineData("Set-CloudSyncSchedule -Reset")]
    [InlineData("Suspend-CloudSync 'because'")]
    [InlineData("Resume-CloudSync")]
    public void IsLeftAsItIsByWhatIf(string script)
    {
        var before = Schedule;
        var said = Run($"{script} -WhatIf").Clean();
        Assert.StartsWith("What if: ", said.Shown);
        Assert.Empty(said.Output);
        Assert.Equal((before.Delta, before.Overridden, before.Suspended), (Schedule.Delta, Schedule.Overridden, Schedule.Suspended));
    }

    [Fact]
    public void IsSuspendedWithAReasonAndResumed()
    {
        var suspended = Run("Suspend-CloudSync 'Moving the domain controllers'").One<Schedule>();
        Assert.True(suspended.Suspended);
        Assert.Equal("Moving the domain controllers", suspended.SuspendedBecause);
        Assert.Null(suspended.NextAt);
        Assert.Matches("suspended", Run("Get-CloudSyncStatus | Out-Default").Shown);
        var resumed = Run("Resume-CloudSync").One<Schedule>();
        Assert.False(resumed.Suspended);
        Assert.NotNull(resumed.NextAt);
    }

    [Fact]
    public void RefusesWhatIsNoInterval() => Assert.StartsWith("CS7109,", Run("Set-CloudSyncSchedule -Delta (-1).ToString()").Error().FullyQualifiedErrorId);
}

public sealed class LogTest(Daemon daemon) : DaemonTest(daemon)
{
    [Fact]
    public void GivesTheLatestLinesOfALevelAndWorse()
    {
        var lines = Run("Get-CloudSyncLog -First 5").Many<LogLine>();
        Assert.Equal(5, lines.Count);
        Assert.Equal(lines.OrderByDescending(one => one.Sequence), lines);
        Run("Suspend-CloudSync -Reason 'a word of its own'; Resume-CloudSync").Clean();
        Assert.Equal("a word of its own", Run("Get-CloudSyncLog -Event suspended -First 1").One<LogLine>().Fields["reason"]);
        var subsystem = lines[0].Subsystem;
        Assert.All(Run("Get-CloudSyncLog -Subsystem $args[0]", subsystem).Many<LogLine>(), one => Assert.Equal(subsystem, one.Subsystem));
        Assert.Empty(Run("Get-CloudSyncLog -Subsystem $args[0] -Event none", subsystem).Clean().Output);
        Assert.All(Run("Get-CloudSyncLog -Level Warn").Many<LogLine>(), one => Assert.True(one.Level is LogLevel.Warn or LogLevel.Error));
        Assert.Contains(Run("Get-CloudSyncLog -First 2000").Many<LogLine>(), one => one is { Subsystem: "daemon", Event: "listening", EventId: 101 });
    }

    [Fact]
    public async Task IsShownAsItIsWrittenUntilCtrlC()
    {
        using var other = new Shell();
        other.Run("Connect-CloudSync $args[0]", Daemon.DataPath).Clean();
        var seen = 0;
        var said = await Shell.Interrupt("Get-CloudSyncLog -Wait", output =>
        {
            if (seen == 0) other.Run("Start-CloudSyncCycle -Wait").Clean();
            return (seen = output) > 0;
        });
        Assert.Empty(said.Errors);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace CloudSync.Test;

/// <summary>What each cmdlet takes from the pipeline, and what it asks before it does it.</summary>
public sealed class PipelineTest
{
    /// <summary>No object carries what these need.</summary>
    private static readonly Dictionary<string, string> TakesNothing = new(StringComparer.Ordinal)
    {
        ["Disconnect-CloudSync"] = "it ends the one connection of the session",
    };

    /// <summary>What they delete or replace cannot be had back, or they let a cycle do so.</summary>
    private static readonly string[] Deleting =
    [
        "Approve-CloudSyncPlan", "Import-CloudSyncConfiguration", "Install-CloudSyncDaemon", "Invoke-CloudSyncPlan", "Register-CloudSyncScheduledTask",
        "Remove-CloudSyncCredential", "Remove-CloudSyncPlan", "Restore-CloudSyncConfiguration", "Set-CloudSyncConfiguration", "Set-CloudSyncCredential",
        "Undo-CloudSyncCycle", "Uninstall-CloudSyncDaemon", "Unregister-CloudSyncScheduledTask",
    ];

    public static TheoryData<string> Cmdlets => ModuleTest.Cmdlets;

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void TakesInputFromThePipeline(string cmdlet)
    {
        using var shell = new Shell();
        var taken = shell.Run("(Get-Command $args[0]).ParameterSets", cmdlet).Many<CommandParameterSetInfo>()
            .SelectMany(set => set.Parameters).Where(one => one.ValueFromPipeline || one.ValueFromPipelineByPropertyName);
        Assert.NotEqual(TakesNothing.ContainsKey(cmdlet), taken.Any());
    }

    /// <summary>Two parameters would both take the object that is piped.</summary>
    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void TakesTheObjectItselfForOneParameter(string cmdlet)
    {
        using var shell = new Shell();
        Assert.All(
            shell.Run("(Get-Command $args[0]).ParameterSets", cmdlet).Many<CommandParameterSetInfo>(),
            set => Assert.InRange(set.Parameters.Count(one => one.ValueFromPipeline), 0, 1));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void AsksBeforeItDeletesOrReplacesAndElseDoesAsItIsTold(string cmdlet)
    {
        var declared = ModuleTest.Declared.Single(one => $"{one.VerbName}-{one.NounName}" == cmdlet);
        Assert.Equal(Deleting.Contains(cmdlet) ? ConfirmImpact.High : declared.SupportsShouldProcess ? ConfirmImpact.Medium : ConfirmImpact.None, declared.ConfirmImpact);
    }

    /// <summary>An enum would offer, for a wrong word, words that only answers have.</summary>
    [Theory]
    [InlineData("Start-CloudSyncCycle -Type Initial", "Delta,Full")]
    [InlineData("Register-CloudSyncScheduledTask -Type Initial", "Delta,Full")]
    [InlineData("Get-CloudSyncPlan -State Waiting", "Planned,Held,Sent,Done,Failed,Unknown")]
    [InlineData("Get-CloudSyncLog -Level Trace", "Error,Warn,Info,Debug")]
    public void OffersForAWrongWordThoseItTakes(string script, string words)
    {
        using var shell = new Shell();
        var error = shell.Run(script).Error();
        Assert.Contains($"\"{words}\"", error.ToString());
        Assert.DoesNotContain("OnDemand", error.ToString());
    }
}

/// <summary>Connections as what is piped, in a session that has none.</summary>
public sealed class PipedConnectionTest(Daemon daemon) : DaemonTest(daemon)
{
    [Theory]
    [InlineData("Get-CloudSyncStatus")]
    [InlineData("Get-CloudSyncSchedule")]
    [InlineData("Get-CloudSyncLog -First 1")]
    [InlineData("Suspend-CloudSync -Reason 'until Friday'")]
    [InlineData("Resume-CloudSync")]
    [InlineData("Test-CloudSync -Quiet")]
    [InlineData("Test-CloudSyncProvisioningLog")]
    [InlineData("Show-CloudSyncDashboard -NoBrowser")]
    [InlineData("Export-CloudSyncDiagnostic -Path { \"$($_.DataPath)-$([guid]::NewGuid()).zip\" }")]
    [InlineData("Get-CloudSyncStatus | Install-CloudSyncDaemon -Path /opt/cloudsync -WhatIf")]
    public void DoesTheSameWithOneDaemonAfterTheOther(string script)
    {
        Run("Disconnect-CloudSync").Clean();
        using var one = Connection.ToDataFolder(Daemon.DataPath, false);
        one.Learn(Run("$args[0] | Get-CloudSyncStatus", one).One<DaemonStatus>());
        Assert.Equal(2, Run($"$args[0], $args[0] | {script}", one).Clean().Output.Count);
        Assert.StartsWith("DaemonNotFound,", Run("Get-CloudSyncStatus").Error().FullyQualifiedErrorId);
    }

    /// <summary>The synchronization service writes this tenant's passwords not at all: each is refused.</summary>
    [Fact]
    public void GoesOnWithTheNextDaemonAfterAnError()
    {
        using var one = Connection.ToDataFolder(Daemon.DataPath, false);
        Assert.Equal(2, Run("$args[0], $args[0] | Sync-CloudSyncPassword", one).Errors.Count);
    }
}

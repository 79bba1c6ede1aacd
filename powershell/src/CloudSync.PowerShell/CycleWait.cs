using System;
using System.Management.Automation;
using System.Threading;

namespace CloudSync.Cmdlets;

/// <summary>Waiting for the end of a cycle, and telling how it ended.</summary>
internal static class CycleWait
{
    private static readonly TimeSpan BeforeAskingAgain = TimeSpan.FromSeconds(1);

    /// <summary>Shows progress until the cycle has ended.</summary>
    /// <exception cref="OperationCanceledException">The time is up.</exception>
    public static Cycle ForEnd(CloudSyncCmdlet cmdlet, DaemonClient daemon, Cycle cycle, CancellationToken? limit = null)
    {
        var cancel = limit ?? cmdlet.Cancelled;
        try
        {
            while (cycle.State == CycleState.Running)
            {
                Watch(cmdlet, daemon, cycle, cancel);
                var id = cycle.Id;
                cycle = cmdlet.Await(token => daemon.Cycle(id, token), cancel);
                // Its events ended before it did: the daemon closes streams that nobody could read fast enough.
                if (cycle.State == CycleState.Running) cancel.WaitHandle.WaitOne(BeforeAskingAgain);
            }
        }
        finally
        {
            // Without this the bar would stay after Ctrl+C; a stopped pipeline takes no more records, and needs none.
            if (!cmdlet.Cancelled.IsCancellationRequested) cmdlet.WriteProgress(Record(cycle, null, ProgressRecordType.Completed));
        }
        return cycle;
    }

    public static void WriteEnded(CloudSyncCmdlet cmdlet, Cycle cycle)
    {
        cmdlet.WriteObject(cycle);
        TellProblems(cmdlet, cycle);
    }

    /// <summary>Why a cycle did not succeed, as an error; what it went on without, as warnings.</summary>
    public static void TellProblems(CloudSyncCmdlet cmdlet, Cycle cycle)
    {
        foreach (var problem in cycle.ConnectorErrors)
        {
            cmdlet.WriteWarning($"{problem.Connector} was not read. {problem.Error.Code}: {problem.Error.Message} {problem.Error.Remedy}");
        }
        if (cycle.State != CycleState.Succeeded && cycle.Error is not null) cmdlet.Tell(cycle.Error, cycle);
    }

    private static void Watch(CloudSyncCmdlet cmdlet, DaemonClient daemon, Cycle cycle, CancellationToken cancel)
    {
        cmdlet.WriteProgress(Record(cycle, cycle.Progress));
        using var events = cmdlet.Await(token => daemon.CycleEvents(cycle.Id, token), cancel);
        while (cmdlet.Await(_ => events.Next(), cancel) is { } told)
        {
            if (told.Name == "progress") cmdlet.WriteProgress(Record(cycle, new Progress(JsonObject.Parse(told.Data))));
            else if (told.Name == "ended") return;
        }
    }

    private static ProgressRecord Record(Cycle cycle, Progress? progress, ProgressRecordType type = ProgressRecordType.Processing) =>
        new((int)(cycle.Id % int.MaxValue), $"{cycle.Type}{(cycle.Preview ? " preview" : "")} cycle {cycle.Id}", progress?.ToString() ?? "Starting")
        {
            PercentComplete = progress?.Percent ?? -1,
            RecordType = type,
        };
}

using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>
/// What every cmdlet stands on: Ctrl+C as a cancellation token, and the daemon's errors as error records. An error of
/// one input goes to the error stream and the next input is taken; only where no other could do better it ends the pipeline.
/// </summary>
public abstract class CloudSyncCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled by Ctrl+C, from another thread.</summary>
    internal CancellationToken Cancelled => _stop.Token;

    /// <summary>What an error of the present input is about.</summary>
    private protected object? Target { get; set; }

    protected sealed override void BeginProcessing() => Guard(Begin);

    protected sealed override void ProcessRecord() => Guard(Process);

    protected sealed override void EndProcessing() => Guard(End);

    protected sealed override void StopProcessing() => _stop.Cancel();

    private protected static string ModuleVersion => typeof(CloudSyncCmdlet).Assembly.GetName().Version.ToString(3);

    private protected string DefaultDataFolder => DataFolder.Default(SessionState.Path.CurrentFileSystemLocation.ProviderPath);

    private protected virtual void Begin()
    {
    }

    private protected virtual void Process()
    {
    }

    private protected virtual void End()
    {
    }

    /// <summary>Waits for work done elsewhere, and no longer than until Ctrl+C.</summary>
    internal T Await<T>(Func<CancellationToken, Task<T>> work) => Await(work, Cancelled);

    /// <summary>The same with a narrower token of one's own, such as a time limit.</summary>
    internal T Await<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            // On a thread of its own: a host's synchronization context must not be waited for while it waits for us.
            var task = Task.Run(() => work(cancel));
            // Work that does not hear of the token is left to itself.
            Task.WaitAny([task], cancel);
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (Cancelled.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Waits for one step after the other, and shows which.</summary>
    private protected IEnumerable<(string Step, T Result)> Await<T>(string activity, IReadOnlyList<(string Name, Func<CancellationToken, Task<T>> Do)> steps)
    {
        try
        {
            for (var i = 0; i < steps.Count; i++)
            {
                WriteProgress(new ProgressRecord(1, activity, steps[i].Name) { PercentComplete = 100 * i / steps.Count });
                yield return (steps[i].Name, Await(steps[i].Do));
            }
        }
        finally
        {
            EndProgress(activity);
        }
    }

    /// <summary>Does what cannot be said how far it is, and shows that it is being done.</summary>
    private protected T WithProgress<T>(string activity, string about, Func<T> work)
    {
        WriteProgress(new ProgressRecord(1, activity, about));
        try
        {
            return work();
        }
        finally
        {
            EndProgress(activity);
        }
    }

    /// <summary>Without this the bar would stay; a stopped pipeline takes no more records, and needs none.</summary>
    private void EndProgress(string activity)
    {
        if (!Cancelled.IsCancellationRequested) WriteProgress(new ProgressRecord(1, activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    /// <summary>Tells an error and goes on.</summary>
    internal void Tell(ErrorReport report, object? target) => WriteError(ErrorTable.Record(new CloudSyncException(report), target));

    /// <summary>What a parameter with a closed list of words was given: an enum there would offer words that only answers have.</summary>
    private protected static T Word<T>(string given) where T : struct, Enum => (T)Enum.Parse(typeof(T), given, true);

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (CloudSyncException error)
        {
            var record = ErrorTable.Record(error, Target);
            if (ErrorTable.EndsPipeline(error)) ThrowTerminatingError(record);
            WriteError(record);
        }
        catch (FormatException error)
        {
            WriteError(ErrorTable.Record(error, Target));
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _stop.Dispose();
    }
}

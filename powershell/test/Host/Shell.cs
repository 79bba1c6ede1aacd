using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Threading.Tasks;

namespace CloudSync.Test;

/// <summary>All that one script gave.</summary>
internal sealed record Said(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<ProgressRecord> Progress,
    string Shown)
{
    /// <summary>The error that ended the script.</summary>
    public ErrorRecord? Ended { get; init; }

    public T One<T>() => Assert.IsType<T>(Assert.Single(Clean().Output).BaseObject);

    public IReadOnlyList<T> Many<T>() => Clean().Output.Select(one => Assert.IsType<T>(one.BaseObject)).ToArray();

    /// <summary>The one error, and nothing else.</summary>
    public ErrorRecord Error()
    {
        Assert.Empty(Output);
        return Ended ?? Assert.Single(Errors);
    }

    public Said Clean()
    {
        Assert.Null(Ended?.ToString());
        Assert.Empty(Errors.Select(one => one.ToString()));
        return this;
    }
}

/// <summary>A PowerShell session on the real engine, with the module imported from where it is built.</summary>
internal sealed class Shell : IDisposable
{
    /// <summary>What a person takes for at once, on a machine that has other things to do.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    private readonly RecordingHost _host = new();
    private readonly Runspace _runspace;

    public Shell(bool import = true)
    {
        _runspace = RunspaceFactory.CreateRunspace(_host, InitialSessionState.CreateDefault2());
        _runspace.Open();
        if (import) Run("Import-Module -Name $args[0] -ErrorAction Stop", Repository.Manifest).Clean();
    }

    /// <summary>Runs a script with these as <c>$args</c>.</summary>
    public Said Run(string script, params object?[] args)
    {
        using var shell = Prepare(script, args);
        return Said(shell, () => shell.Invoke());
    }

    /// <summary>Runs a script, and stops it as Ctrl+C does once <paramref name="when"/> says so; it must end at once.</summary>
    public Task<Said> Interrupt(string script, Func<bool> when) => Interrupt(script, _ => when());

    /// <summary>The same, told how much has come out so far.</summary>
    public async Task<Said> Interrupt(string script, Func<int, bool> when)
    {
        using var shell = Prepare(script, []);
        var output = new PSDataCollection<PSObject>();
        var running = Task.Run(() => Said(shell, () =>
        {
            shell.Invoke(null, output);
            return [.. output];
        }));
        var limit = DateTime.UtcNow.AddMinutes(1);
        while (!when(output.Count) && !running.IsCompleted && DateTime.UtcNow < limit) await Task.Delay(10);
        Assert.True(DateTime.UtcNow < limit, "what it is to be stopped at did not come");
        Assert.False(running.IsCompleted, "it ended before it could be stopped");
        await Task.Run(shell.Stop).WaitAsync(AtOnce);
        return await running.WaitAsync(AtOnce);
    }

    /// <summary>What Tab offers at the end of a line.</summary>
    public IReadOnlyList<CompletionResult> Complete(string line)
    {
        using var shell = PowerShell.Create(_runspace);
        return CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches;
    }

    /// <summary>Does what asks for this thread's session.</summary>
    public T Inside<T>(Func<T> work)
    {
        var outside = Runspace.DefaultRunspace;
        Runspace.DefaultRunspace = _runspace;
        try
        {
            return work();
        }
        finally
        {
            Runspace.DefaultRunspace = outside;
        }
    }

    public IReadOnlyList<ProgressRecord> ProgressSoFar => _host.Progress;

    public void Dispose() => _runspace.Dispose();

    private PowerShell Prepare(string script, object?[] args)
    {
        _host.Clear();
        var shell = PowerShell.Create(_runspace).AddScript(script);
        foreach (var argument in args) shell.AddArgument(argument);
        return shell;
    }

    private Said Said(PowerShell shell, Func<IReadOnlyList<PSObject>> invoke)
    {
        IReadOnlyList<PSObject> output = [];
        ErrorRecord? ended = null;
        try
        {
            output = invoke();
        }
        catch (RuntimeException error)
        {
            ended = error.ErrorRecord;
        }
        var streams = shell.Streams;
        return new Said(
            output,
            [.. streams.Error],
            [.. streams.Warning.Select(one => one.Message)],
            [.. streams.Verbose.Select(one => one.Message)],
            [.. streams.Progress],
            _host.Shown)
        {
            Ended = ended,
        };
    }
}

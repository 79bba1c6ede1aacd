using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>A cmdlet that starts a cycle of some kind, and by -WhatIf shows what it would do.</summary>
public abstract class CycleStartCmdlet : DaemonCmdlet
{
    /// <summary>Waits until the cycle has ended, with progress.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Starts the cycle, or runs its preview and writes the operations it would do.</summary>
    private protected void StartOrPreview(string action, CycleStart start, CycleStart preview)
    {
        if (Confirmed(action, out var whatIf)) Start(start);
        else if (whatIf) Preview(preview);
    }

    private protected bool Confirmed(string action, out bool whatIf)
    {
        var words = $"{action} on {Daemon.Address}";
        var confirmed = ShouldProcess(words, $"{words}?", action, out var reason);
        whatIf = reason == ShouldProcessReason.WhatIf;
        return confirmed;
    }

    private protected void Start(CycleStart start)
    {
        var cycle = Await(cancel => Daemon.StartCycle(start, cancel));
        if (Wait) CycleWait.WriteEnded(this, CycleWait.ForEnd(this, Daemon, cycle));
        else WriteObject(cycle);
    }

    private void Preview(CycleStart start)
    {
        var started = Await(cancel => Daemon.StartCycle(start, cancel));
        var cycle = CycleWait.ForEnd(this, Daemon, started);
        WritePages(Daemon.Operations(cycle.Id, null, null, PageSize));
        CycleWait.TellProblems(this, cycle);
    }
}

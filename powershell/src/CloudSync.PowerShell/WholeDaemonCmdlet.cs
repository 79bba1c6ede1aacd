using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>A cmdlet about a daemon as a whole, or one after the other about several, whose connections are piped in.</summary>
public abstract class WholeDaemonCmdlet : DaemonCmdlet
{
    /// <summary>A connection from Connect-CloudSync, where more than one daemon is managed. Without it the session's own is used.</summary>
    [Parameter(ValueFromPipeline = true)]
    public override Connection? Connection { get; set; }

    /// <summary>The connection may come down the pipeline, which has not begun yet.</summary>
    private protected sealed override void Begin()
    {
    }

    private protected sealed override void Process()
    {
        Choose();
        ProcessDaemon();
    }

    private protected abstract void ProcessDaemon();
}

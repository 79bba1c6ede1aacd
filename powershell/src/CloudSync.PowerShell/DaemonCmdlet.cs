using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>A cmdlet that talks to a daemon: the one named, the one connected to, or the one of the default data folder.</summary>
public abstract class DaemonCmdlet : CloudSyncCmdlet
{
    /// <summary>A connection from Connect-CloudSync, where more than one daemon is managed. Without it the session's own is used.</summary>
    [Parameter]
    public Connection? Connection { get; set; }

    internal DaemonClient Daemon { get; private set; } = null!;

    private protected override void Begin()
    {
        var connection = Connection ?? Session.Known() ?? Session.Use(Connection.ToDataFolder(DefaultDataFolder, false));
        Target = connection;
        Daemon = connection.Daemon;
    }

    /// <summary>Writes a list as its pages come.</summary>
    private protected void WritePages<T>(Pages<T> pages, long most = long.MaxValue)
    {
        for (var written = 0L; written < most && !pages.Ended;)
        {
            foreach (var item in Await(pages.Next))
            {
                WriteObject(item);
                if (++written == most) return;
            }
        }
    }
}

using System;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>A cmdlet that talks to a daemon: the one named, the one connected to, or the one of the default data folder.</summary>
public abstract class DaemonCmdlet : CloudSyncCmdlet
{
    /// <summary>How much of a list is asked for at once.</summary>
    private protected const int PageSize = 200;

    /// <summary>A connection from Connect-CloudSync, where more than one daemon is managed. Without it the session's own is used.</summary>
    [Parameter]
    public virtual Connection? Connection { get; set; }

    internal DaemonClient Daemon { get; private set; } = null!;

    private protected override void Begin() => Choose();

    private protected void Choose()
    {
        var connection = Connection ?? Session.Known() ?? Session.Use(Connection.ToDataFolder(DefaultDataFolder, false));
        Target = connection;
        Daemon = connection.Daemon;
    }

    /// <summary>Writes a list as its pages come.</summary>
    private protected void WritePages<T>(Pages<T> pages, long most = long.MaxValue) => WritePages(pages, _ => true, most);

    private protected void WritePages<T>(Pages<T> pages, Func<T, bool> wanted, long most = long.MaxValue)
    {
        for (var written = 0L; written < most && !pages.Ended;)
        {
            foreach (var item in Await(pages.Next))
            {
                if (!wanted(item)) continue;
                WriteObject(item);
                if (++written == most) return;
            }
        }
    }

    /// <summary>Asks with each name the text can be; the first that the daemon knows counts.</summary>
    private protected T Ask<T>(string identity, Func<ObjectName, CancellationToken, Task<T>> ask)
    {
        var names = ObjectName.Guess(identity).ToArray();
        foreach (var name in names.Take(names.Length - 1))
        {
            try
            {
                return Await(cancel => ask(name, cancel));
            }
            catch (CloudSyncException error) when (error.Status == 404)
            {
                // It may be the other kind of name.
            }
        }
        return Await(cancel => ask(names[names.Length - 1], cancel));
    }
}

using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace CloudSync.Cmdlets;

/// <summary>The connection of each runspace: two sessions in one process do not share it, and it goes with its session.</summary>
internal static class Session
{
    private static readonly ConditionalWeakTable<Runspace, Connection> Connections = new();

    public static Connection? Known() =>
        Runspace.DefaultRunspace is { } runspace && Connections.TryGetValue(runspace, out var connection) ? connection : null;

    public static Connection Use(Connection connection)
    {
        Forget();
        if (Runspace.DefaultRunspace is { } runspace) Connections.Add(runspace, connection);
        return connection;
    }

    public static Connection? Forget()
    {
        var connection = Known();
        if (connection is not null) Connections.Remove(Runspace.DefaultRunspace);
        return connection;
    }
}

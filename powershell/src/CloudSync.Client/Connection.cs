using System;

namespace CloudSync;

/// <summary>A daemon that answered, and the token it took.</summary>
public sealed class Connection : IDisposable
{
    internal Connection(DaemonClient daemon, string? dataPath)
    {
        Daemon = daemon;
        DataPath = dataPath;
    }

    public Uri Uri => Daemon.Address;

    /// <summary>The daemon's data folder.</summary>
    public string? DataPath { get; private set; }

    /// <summary>The tenant the daemon writes to.</summary>
    public string? TenantId { get; private set; }

    /// <summary>The daemon's version.</summary>
    public string? Version { get; private set; }

    internal DaemonClient Daemon { get; }

    /// <exception cref="CloudSyncException">No daemon runs on this data folder.</exception>
    internal static Connection ToDataFolder(string folder, bool readOnly)
    {
        var (address, tokenFile) = DataFolder.Read(folder, readOnly);
        return new Connection(new DaemonClient(new Transport(address, AccessToken.FromFile(tokenFile))), folder);
    }

    internal static Connection ToAddress(Uri address, AccessToken token) => new(new DaemonClient(new Transport(address, token)), null);

    internal void Learn(DaemonStatus status)
    {
        TenantId = status.Tenant.Id;
        Version = status.Version;
        DataPath = status.DataPath;
    }

    public override string ToString() => Uri.ToString();

    public void Dispose() => Daemon.Dispose();
}

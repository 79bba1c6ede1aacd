using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>A cmdlet about daemons on this machine, running or installed.</summary>
public abstract class ServiceCmdlet : CloudSyncCmdlet
{
    /// <summary>What names a service can have: they become file names.</summary>
    private protected const string NamePattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$";

    private protected string DataFolder(string? given) => GetUnresolvedProviderPathFromPSPath(given ?? DefaultDataFolder);

    /// <summary>The daemon's program: as given, or the cloudsync of the path.</summary>
    private protected string ProgramFile(string? given)
    {
        if (given is not null) return GetUnresolvedProviderPathFromPSPath(given);
        return InvokeCommand.GetCommand("cloudsync", CommandTypes.Application) is ApplicationInfo found
            ? found.Path
            : throw new CloudSyncException(ModuleErrors.ProgramNotFound("cloudsync", "it is not in a folder of PATH"));
    }

    private protected static string[] DaemonWords(string configuration, string dataPath, string? listen) =>
        ["daemon", "--config", configuration, "--data", dataPath, .. listen is null ? (string[])[] : ["--listen", listen]];
}

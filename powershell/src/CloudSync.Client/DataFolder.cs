using System;
using System.IO;

namespace CloudSync;

/// <summary>The data folder of a daemon on this machine: it says where the daemon listens and holds the token.</summary>
internal static class DataFolder
{
    private const string DaemonFile = "daemon.json";

    /// <summary>Where a daemon keeps its data that was started in this folder and not told otherwise.</summary>
    public static string Default(string currentFolder) =>
        Environment.GetEnvironmentVariable("CLOUDSYNC_DATA") is { Length: > 0 } folder ? folder : Path.Combine(currentFolder, "cloudsync-data");

    /// <exception cref="CloudSyncException">No daemon has written where it listens.</exception>
    public static (Uri Address, string TokenFile) Read(string folder, bool readOnly)
    {
        var file = Path.Combine(folder, DaemonFile);
        try
        {
            var json = JsonObject.Parse(File.ReadAllText(file));
            return (new Uri(json.Text("url"), UriKind.Absolute), Path.Combine(folder, readOnly ? "reader-token" : "token"));
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CloudSyncException(ModuleErrors.DaemonNotFound(file), 0, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or FormatException or NotSupportedException or ArgumentException)
        {
            throw new CloudSyncException(ModuleErrors.DaemonFileDamaged(file, cause.Message), 0, cause);
        }
    }
}

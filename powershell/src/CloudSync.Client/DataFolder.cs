using System;
using System.IO;

namespace CloudSync;

/// <summary>The data folder of a daemon on this machine: it says where the daemon listens and holds the token.</summary>
internal static class DataFolder
{
    private const string DaemonFile = "daemon.json";

    /// <summary>Where a daemon started without <c>--data</c> keeps its data.</summary>
    public static string Default =>
        Environment.GetEnvironmentVariable("CLOUDSYNC_DATA") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "CloudSync");

    /// <exception cref="CloudSyncException">No daemon has written where it listens.</exception>
    public static (Uri Address, string TokenFile) Read(string folder)
    {
        var file = Path.Combine(folder, DaemonFile);
        try
        {
            var json = JsonObject.Parse(File.ReadAllText(file));
            return (new Uri(json.Text("url"), UriKind.Absolute), json.TextOrNull("tokenFile") ?? Path.Combine(folder, "token"));
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

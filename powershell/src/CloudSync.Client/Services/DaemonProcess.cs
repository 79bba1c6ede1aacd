using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Services;

/// <summary>A daemon on this machine, by its data folder.</summary>
public sealed class DaemonProcess
{
    private const int Terminate = 15;

    internal DaemonProcess(string dataPath, DaemonStatus? status, Uri? uri)
    {
        DataPath = dataPath;
        Uri = uri;
        ProcessId = status?.ProcessId;
        Version = status?.Version;
        StartedAt = status?.StartedAt;
    }

    public string DataPath { get; }

    public Uri? Uri { get; }

    public long? ProcessId { get; }

    public string? Version { get; }

    public DateTime? StartedAt { get; }

    /// <summary>It answers.</summary>
    public bool Running => ProcessId is not null;

    public override string ToString() => $"{DataPath} ({(Running ? Uri : "not running")})";

    /// <summary>Asks the daemon of a data folder; one that does not answer does not run.</summary>
    internal static async Task<DaemonProcess> Of(string dataPath, CancellationToken cancel)
    {
        try
        {
            using var connection = Connection.ToDataFolder(dataPath, false);
            return new DaemonProcess(dataPath, await connection.Daemon.Status(cancel).ConfigureAwait(false), connection.Uri);
        }
        catch (CloudSyncException error) when (error.Code is "DaemonNotFound" or "DaemonUnreachable" or "NotCloudSync")
        {
            return new DaemonProcess(dataPath, null, null);
        }
    }

    /// <summary>Starts a program that stays when this process ends, and gives the end it writes its errors to.</summary>
    internal static Process Spawn(string program, string arguments, string folder)
    {
        var windows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        // In a session of its own, or Ctrl+C in this terminal would end it.
        const string Detached = "if command -v setsid >/dev/null; then exec setsid \"$@\"; fi; exec \"$@\"";
        return Tool.Start(new ProcessStartInfo(
            windows ? program : "/bin/sh",
            windows ? arguments : $"{Tool.Arguments(["-c", Detached, "sh", program])} {arguments}")
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        });
    }

    /// <summary>
    /// Asks a process to end. Windows has no way to ask one without a window; there it is ended by force, which the
    /// daemon's state is made for.
    /// </summary>
    internal static void AskToEnd(int process)
    {
        try
        {
            using var running = Process.GetProcessById(process);
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) running.Kill();
            else if (Signal(process, Terminate) != 0) throw new Win32Exception(Marshal.GetLastWin32Error());
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
        catch (Win32Exception cause)
        {
            throw new CloudSyncException(ModuleErrors.NotEnded(process, cause.Message), 0, cause);
        }
    }

    internal static bool IsThere(int process)
    {
        try
        {
            using var running = Process.GetProcessById(process);
            return !running.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}

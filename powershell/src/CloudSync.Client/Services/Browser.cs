using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CloudSync.Services;

/// <summary>The browser of whoever sits at this machine.</summary>
internal static class Browser
{
    /// <exception cref="CloudSyncException">There is none, or it cannot be started.</exception>
    public static void Open(string url)
    {
        // No shell reads the link.
        var (program, words) = RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? ("rundll32.exe", new[] { "url.dll,FileProtocolHandler", url })
            : (RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "open" : "xdg-open", new[] { url });
        using var process = Tool.Start(new ProcessStartInfo(program, Tool.Arguments(words)) { UseShellExecute = false });
    }
}

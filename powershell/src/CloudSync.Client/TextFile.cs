using System;
using System.IO;
using System.Text;

namespace CloudSync;

/// <summary>Files an admin names, whose failures are told as errors of this module.</summary>
internal static class TextFile
{
    /// <exception cref="CloudSyncException">It cannot be read.</exception>
    public static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CloudSyncException(ModuleErrors.FileUnreadable(file, cause.Message), 0, cause);
        }
    }

    /// <summary>UTF-8 without a mark, which YAML readers stumble over.</summary>
    /// <exception cref="CloudSyncException">It cannot be written, or is there and must not be replaced.</exception>
    public static void Write(string file, string text, bool replace)
    {
        try
        {
            using var stream = new FileStream(file, replace ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            using var writer = new StreamWriter(stream, new UTF8Encoding(false));
            writer.Write(text);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CloudSyncException(ModuleErrors.FileUnwritable(file, cause.Message), 0, cause);
        }
    }
}

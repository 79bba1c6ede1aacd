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
        catch (Exception cause) when (IsOfFiles(cause))
        {
            throw new CloudSyncException(ModuleErrors.FileUnreadable(file, cause.Message), 0, cause);
        }
    }

    /// <summary>UTF-8 without a mark, which YAML readers stumble over.</summary>
    /// <exception cref="CloudSyncException">It cannot be written, or is there and must not be replaced.</exception>
    public static void Write(string file, string text, bool replace)
    {
        using var stream = Open(file, replace);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false));
        writer.Write(text);
    }

    /// <exception cref="CloudSyncException">It cannot be written, or is there and must not be replaced.</exception>
    public static FileStream Open(string file, bool replace)
    {
        try
        {
            return new FileStream(file, replace ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception cause) when (IsOfFiles(cause))
        {
            throw new CloudSyncException(ModuleErrors.FileUnwritable(file, cause.Message), 0, cause);
        }
    }

    /// <exception cref="CloudSyncException">There is a file already that must not be replaced.</exception>
    public static void Move(string from, string to, bool replace)
    {
        try
        {
            if (replace) File.Delete(to);
            File.Move(from, to);
        }
        catch (Exception cause) when (IsOfFiles(cause))
        {
            throw new CloudSyncException(ModuleErrors.FileUnwritable(to, cause.Message), 0, cause);
        }
    }

    private static bool IsOfFiles(Exception cause) => cause is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;
}

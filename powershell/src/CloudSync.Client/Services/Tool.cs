using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Services;

/// <summary>A program of the operating system that is run to its end.</summary>
internal static class Tool
{
    /// <summary>What it wrote.</summary>
    /// <exception cref="CloudSyncException">It is not there, or it failed.</exception>
    public static async Task<string> Run(string program, IEnumerable<string> words, CancellationToken cancel)
    {
        var arguments = Arguments(words);
        using var process = Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        using var killed = cancel.Register(() => Kill(process));
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await Task.WhenAll(output, error).ConfigureAwait(false);
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        if (process.ExitCode == 0) return output.Result;
        throw new CloudSyncException(ModuleErrors.ToolFailed($"{program} {arguments}", process.ExitCode, $"{error.Result} {output.Result}".Trim()));
    }

    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception cause)
        {
            throw new CloudSyncException(ModuleErrors.ProgramNotFound(start.FileName, cause.Message), 0, cause);
        }
    }

    /// <summary>As programs on Windows take their command line apart, and .NET on the other systems does.</summary>
    public static string Arguments(IEnumerable<string> words) => string.Join(" ", words.Select(Quote));

    private static string Quote(string word)
    {
        if (word.Length > 0 && !word.Any(one => char.IsWhiteSpace(one) || one == '"')) return word;
        var quoted = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var one in word)
        {
            if (one == '"') quoted.Append('\\', backslashes + 1);
            backslashes = one == '\\' ? backslashes + 1 : 0;
            quoted.Append(one);
        }
        return quoted.Append('\\', backslashes).Append('"').ToString();
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}

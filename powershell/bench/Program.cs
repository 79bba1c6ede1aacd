using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace CloudSync.Bench;

/// <summary>
/// <c>CloudSync.Bench MODULE.psd1 DATA TIMES SCRIPT...</c>: on a session that has run something before, as any that a person
/// types into has, writes the milliseconds of the import, then of each script the median of so many runs after the first.
/// </summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        Run(runspace, "Get-Command Get-Command | Where-Object Name -EQ 'x'");
        Say(Run(runspace, $"Import-Module -Name '{words[0]}'"));
        Run(runspace, $"Connect-CloudSync -DataPath '{words[1]}'");
        foreach (var script in words.Skip(3))
        {
            Run(runspace, script);
            var times = new List<double>();
            for (var i = 0; i < int.Parse(words[2], CultureInfo.InvariantCulture); i++) times.Add(Run(runspace, script));
            times.Sort();
            Say(times[times.Count / 2]);
        }
        return 0;
    }

    private static double Run(Runspace runspace, string script)
    {
        using var shell = PowerShell.Create(runspace).AddScript(script);
        var watch = Stopwatch.StartNew();
        shell.Invoke();
        watch.Stop();
        if (shell.HadErrors) throw new InvalidOperationException($"{script}: {shell.Streams.Error.FirstOrDefault()}");
        return watch.Elapsed.TotalMilliseconds;
    }

    private static void Say(double milliseconds) => Console.WriteLine(milliseconds.ToString("F3", CultureInfo.InvariantCulture));
}

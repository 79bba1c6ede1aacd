using System;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace CloudSync.Help;

/// <summary><c>CloudSync.Help MODULE.psd1 COMMENTS.xml HELP.xml</c>: what PowerShell itself says of the cmdlets, and what their comments say.</summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        var comments = Comments.Read(words[1]);
        using var shell = PowerShell.Create(InitialSessionState.CreateDefault2());
        shell.AddCommand("Import-Module").AddParameter("Name", words[0]).AddParameter("ErrorAction", "Stop").Invoke();
        shell.Commands.Clear();
        var cmdlets = shell.AddCommand("Get-Command").AddParameter("Module", "CloudSync").Invoke<CmdletInfo>();
        var help = new Maml(comments).Write(cmdlets.OrderBy(one => one.Noun, StringComparer.Ordinal).ThenBy(one => one.Verb, StringComparer.Ordinal));
        foreach (var gap in comments.Gaps) Console.Error.WriteLine($"No help: {gap}");
        help.Save(words[2]);
        return comments.Gaps.Count == 0 ? 0 : 1;
    }
}

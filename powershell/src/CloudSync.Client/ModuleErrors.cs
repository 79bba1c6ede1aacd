using System;
using System.Linq;

namespace CloudSync;

/// <summary>
/// The errors that are this module's own: the daemon was not reached, or not asked. They have names where the daemon's
/// have codes, for no log and no answer of the daemon ever holds one. <c>about_CloudSync</c> lists them.
/// </summary>
internal static class ModuleErrors
{
    public static ErrorReport DaemonNotFound(string file) => new(
        "DaemonNotFound",
        "no daemon found",
        $"No daemon runs on this data folder: there is no {file}.",
        "Start the daemon, or name its data folder with Connect-CloudSync -DataPath.");

    public static ErrorReport DaemonFileDamaged(string file, string problem) => new(
        "DaemonFileDamaged",
        "file of the daemon cannot be read",
        $"{file} does not say where the daemon listens: {problem}",
        "Run as the user the daemon runs as, or start the daemon again: it writes the file anew.");

    public static ErrorReport TokenUnreadable(string file, string problem) => new(
        "TokenUnreadable",
        "token cannot be read",
        $"The token file {file} cannot be read: {problem}",
        "Run as the user the daemon runs as or as an administrator, or name another file with Connect-CloudSync -TokenFile.");

    public static ErrorReport Unreachable(Uri address, string problem) => new(
        "DaemonUnreachable",
        "daemon does not answer",
        $"The daemon at {address} does not answer: {problem}",
        "Start the daemon, or connect to where it listens now with Connect-CloudSync.");

    public static ErrorReport NotCloudSync(Uri address, string problem) => new(
        "NotCloudSync",
        "answer is not CloudSync's",
        $"What answers at {address} does not speak as CloudSync's daemon does. {problem}",
        "Check the address, and that the module and the daemon are of the same version.");

    public static ErrorReport NotLoopback(Uri address) => new(
        "NotLoopback",
        "address is not of this machine",
        $"{address} is not an address of this machine, where alone the daemon listens.",
        "Run the module on the daemon's machine, or bring its port here through an SSH tunnel.");

    public static ErrorReport NotAnAddress(Uri address) => new(
        "NotAnAddress",
        "not an HTTP address",
        $"{address} is not an HTTP address.",
        "Give the address as http://127.0.0.1:PORT.");

    public static ErrorReport StillRunning(Cycle cycle, TimeSpan limit) => new(
        "CycleStillRunning",
        "cycle has not ended in time",
        $"Cycle {cycle.Id} has not ended within {limit}; it goes on.",
        "Wait for it again, or stop it with Stop-CloudSyncCycle.");

    public static ErrorReport NotAnAnchor(string text) => new(
        "NotASourceAnchor",
        "not a source anchor",
        $"{text} is not a source anchor, which is 16 bytes.",
        "Give base64 of 16 bytes, a GUID, or CN={...} as Entra Connect's connector space spells it.");

    /// <summary>The daemon answers with an empty page where its other routes refuse with this code.</summary>
    public static ErrorReport ObjectNotFound(string name) => new(
        "CS6018",
        "no such object",
        $"No object that was read or is in the tenant is called {name}.",
        "Give its anchor, DN, user principal name, mail address, tenant id or objectGUID, and run a cycle if it is new.",
        name);

    /// <summary>The daemon lists its secrets, and has this code where one is removed that there is not.</summary>
    public static ErrorReport SecretUnknown(string name) => new(
        "CS7119",
        "no such secret",
        $"There is no secret {name} in the vault.",
        "List the secrets to see which there are.",
        name);

    public static ErrorReport FileUnreadable(string file, string problem) => new(
        "FileUnreadable",
        "file cannot be read",
        $"{file} cannot be read: {problem}",
        "Check the path and the rights on it.");

    public static ErrorReport NotConfigured(string what, string name) => new(
        "NotConfigured",
        "not in the configuration",
        $"The configuration has no {what} {name}.",
        "Check the spelling, or leave the name out to see all.",
        name);

    public static ErrorReport FileUnwritable(string file, string problem) => new(
        "FileUnwritable",
        "file cannot be written",
        $"{file} cannot be written: {problem}",
        "Check the path and the rights on it; use -Force to replace a file that is there.");

    public static ErrorReport NothingHeld(string? digest) => new(
        "NothingHeld",
        "nothing is held under this digest",
        digest is null ? "The cycle holds nothing." : $"No recent cycle holds anything under the digest {digest}.",
        "Look at what is held now with Get-CloudSyncCycle, and decide on that cycle.");

    public static ErrorReport LogChanged(long entry) => new(
        "LogChanged",
        "provisioning log was changed",
        $"The provisioning log was changed from outside, first at entry {entry}.",
        "Find out who can write the daemon's data folder, and compare with a backup.");

    public static ErrorReport ProgramNotFound(string program, string problem) => new(
        "ProgramNotFound",
        "program cannot be started",
        $"{program} cannot be started: {problem}.",
        "Install it, or name its file with -Path.",
        program);

    public static ErrorReport ToolFailed(string command, int exitCode, string said) => new(
        "ToolFailed",
        "program of the operating system failed",
        $"{command} ended with {exitCode}: {said}",
        "Run as an administrator, and look at what it says.",
        command);

    public static ErrorReport NotOnThisSystem(string what, string where) => new(
        "NotOnThisSystem",
        "not on this operating system",
        $"{what} is possible on {where} only.",
        "Use the scheduler of this operating system, such as cron, to run Start-CloudSyncCycle.");

    public static ErrorReport NotInstalled(string name, string file) => new(
        "NotInstalled",
        "no such daemon is installed",
        $"No daemon is installed by the name {name}: there is no {file}.",
        "Check the name and -Scope, or install it with Install-CloudSyncDaemon.",
        name);

    /// <summary>What it said on its way out, which has its own code and remedy in it.</summary>
    public static ErrorReport DaemonEnded(int exitCode, string said)
    {
        var line = said.Split('\n').Select(one => one.Trim()).LastOrDefault(one => one.StartsWith("cloudsync: CS", StringComparison.Ordinal));
        var parts = line?.Substring("cloudsync: ".Length).Split([' '], 2);
        return parts is { Length: 2 }
            ? new ErrorReport(parts[0], "daemon did not start", parts[1], "")
            : new ErrorReport("DaemonEnded", "daemon did not start", $"The daemon ended with {exitCode} before it answered. {said.Trim()}".Trim(), "Look at its log in the data folder.");
    }

    public static ErrorReport NotEnded(int process, string problem) => new(
        "NotEnded",
        "process cannot be ended",
        $"The process {process} cannot be ended: {problem}",
        "Run as the user the daemon runs as, or as an administrator.");
}

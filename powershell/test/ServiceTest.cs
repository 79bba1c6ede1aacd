using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Xml.Linq;
using CloudSync.Services;

namespace CloudSync.Test;

/// <summary>Tests that change what the whole process sees run one after the other.</summary>
[CollectionDefinition("machine")]
public sealed class MachineCollection;

/// <summary>Units of systemd, with a systemctl that writes down what it is asked to do.</summary>
[Collection("machine")]
public sealed class ServiceTest : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cloudsync-systemd-").FullName;
    private readonly Shell _shell = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public ServiceTest()
    {
        Program("systemctl", $"echo \"$*\" >>'{Asked}'\ncase \"$*\" in *' show '*) echo inactive;; *' start bad.service'*) echo 'Job failed.' >&2; exit 1;; esac");
        Program("cloudsync", "exit 0");
        Environment.SetEnvironmentVariable("PATH", $"{_folder}{Path.PathSeparator}{_path}");
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", _folder);
    }

    private string Asked => Path.Combine(_folder, "asked");

    private string Unit => Path.Combine(_folder, "systemd", "user", "cloudsync.service");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", null);
        _shell.Dispose();
        Directory.Delete(_folder, true);
    }

    private void Program(string name, string script)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Said Install(string more = "") =>
        _shell.Run($"Install-CloudSyncDaemon $args[0] $args[1] -Scope User {more}", Path.Combine(_folder, "cloud sync.yaml"), Path.Combine(_folder, "data"));

    [Fact]
    public void InstallsStartsStopsAndUninstallsADaemon()
    {
        var planned = Install("-WhatIf").One<DaemonService>();
        Assert.Equal("notInstalled", planned.State);
        Assert.False(File.Exists(Unit));
        Assert.False(File.Exists(Asked));

        var installed = Install().One<DaemonService>();
        Assert.Equal(("cloudsync", "inactive", Unit), (installed.Name, installed.State, installed.File));
        Assert.Equal(planned.Definition, installed.Definition);
        _shell.Run("Start-CloudSyncDaemon -Name cloudsync -Scope User").One<DaemonService>();
        Assert.Empty(_shell.Run("Stop-CloudSyncDaemon -Name cloudsync -Scope User -WhatIf").Clean().Output);
        _shell.Run("Stop-CloudSyncDaemon -Name cloudsync -Scope User").One<DaemonService>();
        var found = _shell.Run("Get-CloudSyncDaemon -Name cloudsync -Scope User").One<DaemonService>();
        Assert.Equal(installed.Definition, found.Definition);
        Assert.Empty(_shell.Run("Get-CloudSyncDaemon -Name cloudsync -Scope User | Uninstall-CloudSyncDaemon -WhatIf").Clean().Output);
        Assert.True(File.Exists(Unit));
        Assert.Empty(_shell.Run("Get-CloudSyncDaemon -Name cloudsync -Scope User | Uninstall-CloudSyncDaemon -Confirm:$false").Clean().Output);
        Assert.False(File.Exists(Unit));
        Assert.Equal(
            ["--user daemon-reload", "--user enable cloudsync.service", "--user start cloudsync.service", "--user stop cloudsync.service", "--user disable --now cloudsync.service", "--user daemon-reload"],
            File.ReadAllLines(Asked).Where(one => !one.Contains(" show ", StringComparison.Ordinal)));
    }

    [Fact]
    public void WritesAUnitThatSystemdReadsAsMeant()
    {
        var unit = _shell.Run("Install-CloudSyncDaemon '/etc/cloud $sync/100%.yaml' '/var/lib/cloud\"sync' -Account sync -Listen 127.0.0.1:7373 -WhatIf").One<DaemonService>().Definition!;
        Assert.Contains(
            $"ExecStart=\"{_folder}/cloudsync\" \"daemon\" \"--config\" \"/etc/cloud $$sync/100%%.yaml\" \"--data\" \"/var/lib/cloud\\\"sync\" \"--listen\" \"127.0.0.1:7373\"\n", unit);
        Assert.Contains("\nUser=sync\n", unit);
        Assert.Contains("\nWantedBy=multi-user.target\n", unit);
        Assert.Contains("\nReadWritePaths=\"/var/lib/cloud\\\"sync\" \"/etc/cloud $$sync\"\n", unit);
        Assert.All(unit.Split('\n').Where(one => one.Length > 0), line => Assert.Matches(@"^(\[\w+\]|\w+=.+)$", line));
    }

    [Fact]
    public void TellsWhatTheSystemSays()
    {
        Install("-Name bad").Clean();
        var error = _shell.Run("Start-CloudSyncDaemon -Name bad -Scope User").Error();
        Assert.StartsWith("ToolFailed,", error.FullyQualifiedErrorId);
        Assert.Contains("Job failed.", error.ErrorDetails.Message);
    }

    [Theory]
    [InlineData("Get-CloudSyncDaemon -Name nothing -Scope User")]
    [InlineData("Start-CloudSyncDaemon -Name nothing -Scope User")]
    [InlineData("Stop-CloudSyncDaemon -Name nothing -Scope User")]
    [InlineData("Uninstall-CloudSyncDaemon nothing -Scope User -Confirm:$false")]
    public void SaysThatNoSuchDaemonIsInstalled(string script)
    {
        var error = _shell.Run(script).Error();
        Assert.StartsWith("NotInstalled,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a b")]
    [InlineData("-n")]
    public void TakesNoNameThatIsMoreThanAName(string name) =>
        Assert.StartsWith("ParameterArgumentValidationError", _shell.Run("Uninstall-CloudSyncDaemon $args[0] -Confirm:$false", name).Error().FullyQualifiedErrorId);

    /// <summary>With the programs of Windows writing down what they are asked to do.</summary>
    [Fact]
    public async System.Threading.Tasks.Task InstallsATaskAndMakesTheSourceOfEventsKnown()
    {
        Program("schtasks.exe", $"echo \"schtasks $1 $2 $3\" >>'{Asked}'\ncase \"$*\" in *CSV*) printf '%s\\n' '\"\\cloudsync\",\"N/A\",\"Ready\"';; esac");
        Program("eventcreate.exe", $"echo \"eventcreate $*\" >>'{Asked}'");
        var installed = await new TaskScheduler().Install(
            new Installation("cloudsync", ServiceScope.Machine, "cloudsync.exe", ["daemon"], _folder, "cloudsync.yaml", null), default);
        Assert.Equal("Ready", installed.State);
        Assert.Equal(
            [
                "schtasks /Create /TN cloudsync",
                "eventcreate /L APPLICATION /SO CloudSync /T INFORMATION /ID 1 /D The daemon was installed. cloudsync",
                "schtasks /Query /TN cloudsync",
                "schtasks /Query /TN cloudsync",
            ],
            File.ReadAllLines(Asked));
    }

    [Fact]
    public void WritesATaskThatWindowsReadsAsMeant()
    {
        var task = _shell.Run(
            "Register-CloudSyncScheduledTask 'Nightly cycle' -Type Full -At ([datetime]'2026-03-01T02:00:00') -Interval 1.00:00:00 -DataPath \"/data/o'clock\" -WhatIf").One<DaemonService>();
        XNamespace ns = "http://schemas.microsoft.com/windows/2004/02/mit/task";
        var root = XDocument.Parse(task.Definition!).Root!;
        Assert.Equal(["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"], root.Elements().Select(one => one.Name.LocalName));
        var trigger = root.Element(ns + "Triggers")!.Element(ns + "TimeTrigger")!;
        Assert.Equal("2026-03-01T02:00:00", (string?)trigger.Element(ns + "StartBoundary"));
        Assert.Equal("P1D", (string?)trigger.Element(ns + "Repetition")!.Element(ns + "Interval"));
        var arguments = (string)root.Element(ns + "Actions")!.Element(ns + "Exec")!.Element(ns + "Arguments")!;
        Assert.Contains("Start-CloudSyncCycle -Type Full -Wait", arguments);
        Assert.Contains("Connect-CloudSync -DataPath '/data/o''clock'", arguments);
        var script = arguments[(arguments.IndexOf("-Command \"", StringComparison.Ordinal) + 10)..^1];
        ScriptBlock.Create(script);
    }

    [Theory]
    [InlineData("Register-CloudSyncScheduledTask")]
    [InlineData("Unregister-CloudSyncScheduledTask")]
    public void SaysThatScheduledTasksAreOfWindows(string script)
    {
        var error = _shell.Run(script).Error();
        Assert.StartsWith("NotOnThisSystem,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.NotImplemented, error.CategoryInfo.Category);
        Assert.Empty(_shell.Run("Unregister-CloudSyncScheduledTask -WhatIf").Clean().Output);
    }

    /// <summary>As a program on Windows takes its command line apart; .NET on the other systems does the same.</summary>
    [Fact]
    public async System.Threading.Tasks.Task HandsWordsOnAsTheyAre()
    {
        string[] words = ["plain", "with blank", "", "quo\"te", "back\\slash", "ends\\", "both\\\"", "a b\\", "ünï", "$(x) `y` 'z' ; & |"];
        var said = await Tool.Run("/bin/sh", ["-c", "for one in \"$@\"; do printf '%s\\n' \"[$one]\"; done", "sh", .. words], default);
        Assert.Equal(words.Select(one => $"[{one}]"), said.TrimEnd('\n').Split('\n'));
    }
}

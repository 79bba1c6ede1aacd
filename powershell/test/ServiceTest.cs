using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Runtime.InteropServices;
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
        ServiceManager.IsOn = RuntimeInformation.IsOSPlatform;
        _shell.Dispose();
        Directory.Delete(_folder, true);
    }

    private void Program(string name, string script)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>With the programs of Windows: they write down what they are asked to do, and keep one task.</summary>
    private void OnWindows()
    {
        ServiceManager.IsOn = platform => platform == OSPlatform.Windows;
        Program("eventcreate.exe", $"echo \"eventcreate $*\" >>'{Asked}'");
        Program("schtasks.exe", $$"""
            echo "schtasks $1 $2 $3" >>'{{Asked}}'
            [ "$1" = /Create ] || [ -f '{{Task}}' ] || { echo 'ERROR: The system cannot find the file specified.' >&2; exit 1; }
            case "$*" in
              /Create*) cp "$5" '{{Task}}'; echo Ready >'{{Task}}.state';;
              /Run*) echo Running >'{{Task}}.state';;
              /End*) echo Ready >'{{Task}}.state';;
              /Delete*) rm '{{Task}}';;
              *XML*) iconv -f UTF-16 -t UTF-8 '{{Task}}';;
              *CSV*) printf '"\\%s","N/A","%s"\n' "$3" "$(cat '{{Task}}.state')";;
            esac
            """);
    }

    private string Task => Path.Combine(_folder, "task.xml");

    private string[] AskedOfWindows()
    {
        var asked = File.Exists(Asked) ? File.ReadAllLines(Asked) : [];
        File.Delete(Asked);
        return asked;
    }

    private Said Install(string more = "-Confirm:$false") =>
        _shell.Run($"Install-CloudSyncDaemon $args[0] $args[1] -Scope User {more}", Path.Combine(_folder, "cloud sync.yaml"), Path.Combine(_folder, "data"));

    [Fact]
    public void InstallsStartsStopsAndUninstallsADaemon()
    {
        var planned = Install("-WhatIf").One<DaemonService>();
        Assert.Equal("notInstalled", planned.State);
        // It would replace one that is there: it asks, and is told no.
        Assert.Empty(Install("").Clean().Output);
        Assert.False(File.Exists(Unit));
        Assert.False(File.Exists(Asked));

        var installed = Install().One<DaemonService>();
        Assert.Equal(("cloudsync", "inactive", Unit), (installed.Name, installed.State, installed.File));
        Assert.Equal(planned.Definition, installed.Definition);
        _shell.Run("Get-CloudSyncDaemon -Name cloudsync -Scope User | Start-CloudSyncDaemon").One<DaemonService>();
        Assert.Empty(_shell.Run("Stop-CloudSyncDaemon -Name cloudsync -Scope User -WhatIf").Clean().Output);
        _shell.Run("Get-CloudSyncDaemon -Name cloudsync -Scope User | Stop-CloudSyncDaemon").One<DaemonService>();
        var found = _shell.Run("Get-CloudSyncDaemon -Name cloudsync -Scope User | Get-CloudSyncDaemon").One<DaemonService>();
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
        Install("-Name bad -Confirm:$false").Clean();
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

    /// <summary>systemctl may have started another program, which holds its end of the pipe.</summary>
    [Fact]
    public async System.Threading.Tasks.Task EndsTheWaitingForTheSystem()
    {
        Install().Clean();
        File.Delete(Asked);
        Program("systemctl", $"echo >'{Asked}'\nsleep 5");
        var said = await _shell.Interrupt("Get-CloudSyncDaemon -Name cloudsync -Scope User; 'went on'", () => File.Exists(Asked));
        Assert.Empty(said.Output);
    }

    [Fact]
    public void InstallsStartsStopsAndUninstallsADaemonOnWindows()
    {
        OnWindows();
        const string Install = "[pscustomobject]@{ ConfigurationFile = $args[0]; DataPath = $args[1] } | Install-CloudSyncDaemon -Account 'CORP\\gmsa$'";
        object[] words = [Path.Combine(_folder, "cloudsync.yaml"), Path.Combine(_folder, "data")];
        var planned = _shell.Run($"{Install} -WhatIf", words).One<DaemonService>();
        Assert.Empty(_shell.Run(Install, words).Clean().Output);
        Assert.False(File.Exists(Asked));

        var installed = _shell.Run($"{Install} -Confirm:$false", words).One<DaemonService>();
        Assert.Equal(("cloudsync", "Ready"), (installed.Name, installed.State));
        Assert.Equal(
            [
                "schtasks /Create /TN cloudsync",
                "eventcreate /L APPLICATION /SO CloudSync /T INFORMATION /ID 1 /D The daemon was installed. cloudsync",
                "schtasks /Query /TN cloudsync",
                "schtasks /Query /TN cloudsync",
            ],
            AskedOfWindows());
        Assert.Equal(planned.Definition, XDocument.Parse(installed.Definition!).ToString());
        Assert.Contains($"daemon --config {words[0]} --data {words[1]}", installed.Definition);
        Assert.Contains("<UserId>CORP\\gmsa$</UserId>", installed.Definition);

        string[] found = ["Get-CloudSyncDaemon -Name cloudsync", "Get-CloudSyncDaemon -Name cloudsync | Get-CloudSyncDaemon"];
        Assert.All(found, script => Assert.Equal("Ready", _shell.Run(script).One<DaemonService>().State));
        string[] verbs = ["Get-CloudSyncDaemon -Name cloudsync | {0}-CloudSyncDaemon", "{0}-CloudSyncDaemon -Name cloudsync"];
        foreach (var verb in verbs)
        {
            foreach (var (word, flag, state) in new[] { ("Start", "/Run", "Running"), ("Stop", "/End", "Ready") })
            {
                var script = string.Format(CultureInfo.InvariantCulture, verb, word);
                Assert.Empty(_shell.Run($"{script} -WhatIf").Clean().Output);
                Assert.DoesNotContain($"schtasks {flag} /TN cloudsync", AskedOfWindows());
                Assert.Equal(state, _shell.Run(script).One<DaemonService>().State);
                Assert.Contains($"schtasks {flag} /TN cloudsync", AskedOfWindows());
            }
        }

        Assert.Empty(_shell.Run("'cloudsync' | Uninstall-CloudSyncDaemon -WhatIf").Clean().Output);
        Assert.Empty(_shell.Run("'cloudsync' | Uninstall-CloudSyncDaemon").Clean().Output);
        Assert.True(File.Exists(Task));
        Assert.Empty(_shell.Run("'cloudsync' | Uninstall-CloudSyncDaemon -Confirm:$false").Clean().Output);
        Assert.False(File.Exists(Task));
        Assert.StartsWith("ToolFailed,", _shell.Run("Start-CloudSyncDaemon -Name cloudsync").Error().FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("Unregister-CloudSyncScheduledTask 'Nightly cycle'")]
    [InlineData("'Nightly cycle' | Unregister-CloudSyncScheduledTask")]
    [InlineData("$task | Unregister-CloudSyncScheduledTask")]
    public void RegistersAndUnregistersATaskOnWindows(string unregister)
    {
        OnWindows();
        const string Register = "$task = [pscustomobject]@{ DataPath = '/data' } | Register-CloudSyncScheduledTask 'Nightly cycle' -Type Full -At ([datetime]'2026-03-01T02:00:00')";
        Assert.Empty(_shell.Run($"{Register}; $task").Clean().Output);
        Assert.False(File.Exists(Asked));
        var registered = _shell.Run($"{Register} -Confirm:$false; $task").One<DaemonService>();
        Assert.Equal(("Nightly cycle", "Ready"), (registered.Name, registered.State));
        Assert.Equal(["schtasks /Create /TN Nightly cycle"], AskedOfWindows());
        Assert.Equal(registered.Definition, XDocument.Load(Task).ToString());
        Assert.Contains("Connect-CloudSync -DataPath '/data'; Start-CloudSyncCycle -Type Full -Wait", registered.Definition);

        Assert.Contains("Nightly cycle", _shell.Run($"{unregister} -WhatIf").Clean().Shown);
        Assert.Contains("Nightly cycle", _shell.Run(unregister).Clean().Shown);
        Assert.True(File.Exists(Task));
        Assert.Empty(_shell.Run($"{unregister} -Confirm:$false").Clean().Output);
        Assert.Equal(["schtasks /Delete /TN Nightly cycle"], AskedOfWindows());
        Assert.False(File.Exists(Task));

        var error = _shell.Run($"{unregister} -Confirm:$false").Error();
        Assert.StartsWith("ToolFailed,", error.FullyQualifiedErrorId);
        Assert.Contains("cannot find the file", error.ErrorDetails.Message);
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
    [InlineData("Register-CloudSyncScheduledTask -Confirm:$false")]
    [InlineData("Unregister-CloudSyncScheduledTask -Confirm:$false")]
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

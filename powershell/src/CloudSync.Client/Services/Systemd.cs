using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Services;

/// <summary>Daemons as units of systemd.</summary>
internal sealed class Systemd : ServiceManager
{
    public override string Define(Installation installation)
    {
        var start = string.Join(" ", installation.Words.Prepend(installation.Program).Select(Quote));
        // The daemon writes its data, and the configuration when that is set through it.
        var written = new[] { installation.DataPath, Path.GetDirectoryName(installation.Configuration) ?? "/" }.Distinct().Select(Quote);
        return $"""
            [Unit]
            Description=CloudSync daemon {installation.Name}
            Wants=network-online.target
            After=network-online.target

            [Service]
            Type=exec
            ExecStart={start}
            {(installation.Account is null ? "" : $"User={installation.Account}\n")}Restart=on-failure
            RestartSec=5
            TimeoutStopSec=20
            UMask=0077
            NoNewPrivileges=yes
            PrivateTmp=yes
            ProtectSystem=full
            ReadWritePaths={string.Join(" ", written)}

            [Install]
            WantedBy={(installation.Scope == ServiceScope.User ? "default.target" : "multi-user.target")}

            """;
    }

    public override async Task<DaemonService> Install(Installation installation, CancellationToken cancel)
    {
        var file = FileOf(installation.Name, installation.Scope);
        Directory.CreateDirectory(installation.DataPath);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        TextFile.Write(file, Define(installation), true);
        await Control(installation.Scope, ["daemon-reload"], cancel).ConfigureAwait(false);
        await Control(installation.Scope, ["enable", Unit(installation.Name)], cancel).ConfigureAwait(false);
        return await Get(installation.Name, installation.Scope, cancel).ConfigureAwait(false);
    }

    public override async Task Uninstall(string name, ServiceScope scope, CancellationToken cancel)
    {
        Find(name, scope);
        await Control(scope, ["disable", "--now", Unit(name)], cancel).ConfigureAwait(false);
        File.Delete(FileOf(name, scope));
        await Control(scope, ["daemon-reload"], cancel).ConfigureAwait(false);
    }

    public override Task<DaemonService> Start(string name, ServiceScope scope, CancellationToken cancel) => Do("start", name, scope, cancel);

    public override Task<DaemonService> Stop(string name, ServiceScope scope, CancellationToken cancel) => Do("stop", name, scope, cancel);

    public override async Task<DaemonService> Get(string name, ServiceScope scope, CancellationToken cancel)
    {
        var file = Find(name, scope);
        var state = await Control(scope, ["show", "--property=ActiveState", "--value", Unit(name)], cancel).ConfigureAwait(false);
        return new DaemonService(name, scope, state.Trim(), file, TextFile.Read(file));
    }

    private async Task<DaemonService> Do(string verb, string name, ServiceScope scope, CancellationToken cancel)
    {
        Find(name, scope);
        await Control(scope, [verb, Unit(name)], cancel).ConfigureAwait(false);
        return await Get(name, scope, cancel).ConfigureAwait(false);
    }

    private static string Find(string name, ServiceScope scope)
    {
        var file = FileOf(name, scope);
        return File.Exists(file) ? file : throw new CloudSyncException(ModuleErrors.NotInstalled(name, file));
    }

    private static Task<string> Control(ServiceScope scope, IEnumerable<string> words, CancellationToken cancel) =>
        Tool.Run("systemctl", scope == ServiceScope.User ? words.Prepend("--user") : words, cancel);

    private static string Unit(string name) => $"{name}.service";

    private static string FileOf(string name, ServiceScope scope) => Path.Combine(Folder(scope), Unit(name));

    private static string Folder(ServiceScope scope) => scope == ServiceScope.Machine
        ? "/etc/systemd/system"
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } home ? home : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
            "systemd",
            "user");

    /// <summary>systemd.service(5): quotes, specifiers and variables mean something in a command line.</summary>
    private static string Quote(string word)
    {
        var text = new StringBuilder("\"");
        foreach (var one in word)
        {
            if (one is '"' or '\\') text.Append('\\');
            if (one is '%' or '$') text.Append(one);
            text.Append(one);
        }
        return text.Append('"').ToString();
    }
}

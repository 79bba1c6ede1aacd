using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using CloudSync.Services;

namespace CloudSync.Test;

/// <summary>Starts and stops real daemons, by a program that stands for the binary: node on the daemon's source.</summary>
[Collection("machine")]
public sealed class DaemonProcessTest : IAsyncLifetime
{
    private readonly Daemon _daemon = new() { AwaitFirstCycle = false };
    private readonly Shell _shell = new();
    private string _program = "";

    public async Task InitializeAsync()
    {
        // Writes directory and configuration; the process is ours to start.
        await _daemon.InitializeAsync();
        await _daemon.Stop();
        _program = Path.Combine(Path.GetDirectoryName(_daemon.Configuration)!, "cloudsync");
        File.WriteAllText(_program, $"#!/bin/sh\nexec '{Daemon.Node}' '{Path.Combine(Repository.Root, "daemon", "main.ts")}' \"$@\"\n");
        File.SetUnixFileMode(_program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public async Task DisposeAsync()
    {
        _shell.Run("Stop-CloudSyncDaemon $args[0]", _daemon.DataPath);
        _shell.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public void StartsStaysAndStops()
    {
        object[] words = [_daemon.Configuration, _daemon.DataPath, _program];
        Assert.False(_shell.Run("Get-CloudSyncDaemon $args[0] | Get-CloudSyncDaemon", _daemon.DataPath).One<DaemonProcess>().Running);
        Assert.Empty(_shell.Run("Start-CloudSyncDaemon $args[0] $args[1] -Path $args[2] -WhatIf", words).Clean().Output);
        Assert.Equal(["No daemon runs on " + _daemon.DataPath + "."], _shell.Run("Stop-CloudSyncDaemon $args[0] -Verbose", _daemon.DataPath).Clean().Verbose);

        var started = _shell.Run("Start-CloudSyncDaemon -Configuration $args[0] -DataPath $args[1] -Path $args[2] -Listen 127.0.0.1:0", words).One<DaemonProcess>();
        Assert.True(started.Running);
        Assert.Equal(started.Uri, _shell.Run("Get-CloudSyncDaemon -DataPath $args[0] | Connect-CloudSync", _daemon.DataPath).One<Connection>().Uri);

        // It writes to nobody any more, and does not mind.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _shell.Run("Suspend-CloudSync; do { Start-CloudSyncCycle -Wait -ErrorAction SilentlyContinue -ErrorVariable busy } while ($busy)").Clean();
        Assert.Equal(started.ProcessId, _shell.Run("Get-CloudSyncDaemon $args[0]", _daemon.DataPath).One<DaemonProcess>().ProcessId);

        // A second one on the same folder says why it cannot be.
        string[] ways = ["Start-CloudSyncDaemon $args[0] $args[1]", "Get-CloudSyncDaemon $args[1] | Start-CloudSyncDaemon -Configuration $args[0]", "Get-CloudSyncStatus | Start-CloudSyncDaemon"];
        Assert.All(ways, way => Assert.StartsWith("CS7001,", _shell.Run($"{way} -Path $args[2] -Listen 127.0.0.1:0", words).Error().FullyQualifiedErrorId));

        Assert.Empty(_shell.Run("Stop-CloudSyncDaemon $args[0] -WhatIf", _daemon.DataPath).Clean().Output);
        Assert.True(_shell.Run("Get-CloudSyncDaemon $args[0]", _daemon.DataPath).One<DaemonProcess>().Running);
        Assert.False(_shell.Run("Get-CloudSyncDaemon $args[0] | Stop-CloudSyncDaemon", _daemon.DataPath).One<DaemonProcess>().Running);
        Assert.False(File.Exists(Path.Combine(_daemon.DataPath, "daemon.json")));
    }

    [Fact]
    public void SaysWhyADaemonDoesNotStart()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var error = _shell.Run("Start-CloudSyncDaemon $args[0] $args[1] -Path $args[2] -Listen 127.0.0.1:$($args[3])", _daemon.Configuration, _daemon.DataPath, _program, port).Error();
        Assert.StartsWith("CS7003,", error.FullyQualifiedErrorId);
        Assert.Contains($"{port}", error.ErrorDetails.Message);
        Assert.StartsWith("ProgramNotFound,", _shell.Run("Start-CloudSyncDaemon $args[0] $args[1]", _daemon.Configuration, _daemon.DataPath).Error().FullyQualifiedErrorId);
    }
}

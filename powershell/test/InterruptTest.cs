using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace CloudSync.Test;

/// <summary>Ctrl+C, on something that never answers.</summary>
public sealed class InterruptTest : IDisposable
{
    private readonly Shell _shell = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cloudsync-silent-").FullName;
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);

    public InterruptTest()
    {
        _silent.Start();
        File.WriteAllText(Path.Combine(_folder, "daemon.json"), $$"""{"url":"http://127.0.0.1:{{((IPEndPoint)_silent.LocalEndpoint).Port}}"}""");
        File.WriteAllText(Path.Combine(_folder, "token"), "t");
    }

    public void Dispose()
    {
        _silent.Dispose();
        _shell.Dispose();
        Directory.Delete(_folder, true);
    }

    [Theory]
    [InlineData("Connect-CloudSync -DataPath $folder")]
    [InlineData("Get-CloudSyncStatus -Connection $connection")]
    [InlineData("$connection | Test-CloudSync")]
    [InlineData("Start-CloudSyncCycle -Wait -Connection $connection")]
    [InlineData("Wait-CloudSyncCycle 7 -Timeout 1 -Connection $connection")]
    [InlineData("Sync-CloudSyncObject ada@contoso.test -Connection $connection")]
    [InlineData("Sync-CloudSyncPassword -Connection $connection")]
    [InlineData("Set-CloudSyncConfiguration 'version: 1' -WhatIf -Connection $connection")]
    [InlineData("Get-CloudSyncLog -Wait -Connection $connection")]
    [InlineData("Export-CloudSyncDiagnostic $folder/x.zip -Connection $connection")]
    public Task EndsTheWaitingForAnAnswer(string script) => EndsWaiting(script, "");

    [Fact]
    public Task EndsTheWaitingForTheRestOfAnAnswer() =>
        EndsWaiting("Connect-CloudSync -DataPath $folder", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");

    private async Task EndsWaiting(string script, string told)
    {
        _shell.Run("$folder, $connection = $args", _folder, Connection.ToDataFolder(_folder, false)).Clean();
        TcpClient? client = null;
        var accepting = Task.Run(async () =>
        {
            client = await _silent.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(told));
        });
        var said = await _shell.Interrupt($"{script}; 'went on'", () => accepting.IsCompleted);
        client?.Dispose();
        Assert.Empty(said.Output);
        Assert.Empty(said.Errors);
    }
}

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

    [Fact]
    public Task EndsTheWaitingForAnAnswer() => EndsWaiting("");

    [Fact]
    public Task EndsTheWaitingForTheRestOfAnAnswer() => EndsWaiting("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");

    private async Task EndsWaiting(string told)
    {
        TcpClient? client = null;
        var accepting = Task.Run(async () =>
        {
            client = await _silent.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(told));
        });
        var said = await _shell.Interrupt($"Connect-CloudSync -DataPath '{_folder}'; 'went on'", () => accepting.IsCompleted);
        client?.Dispose();
        Assert.Empty(said.Output);
        Assert.Empty(said.Errors);
    }
}

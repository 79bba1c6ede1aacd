using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;

namespace CloudSync.Test;

public sealed class DashboardTest(Daemon daemon) : DaemonTest(daemon)
{
    [Fact]
    public async Task GivesALinkThatOpensTheDashboardOnce()
    {
        var link = Run("Show-CloudSyncDashboard -NoBrowser").One<DashboardLink>();
        Assert.True(link.ExpiresAt > DateTime.Now.AddSeconds(-1));
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        // As a browser asks for what was put into its address bar.
        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document") }) browser.DefaultRequestHeaders.Add(name, value);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync(link.Uri)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link.Uri)).StatusCode);
        Assert.NotEqual(link.Uri, Run("Show-CloudSyncDashboard -ReadOnly -NoBrowser").One<DashboardLink>().Uri);
    }
}

/// <summary>A browser that writes down what it is asked to open.</summary>
[Collection("machine")]
public sealed class BrowserTest : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cloudsync-browser-").FullName;
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");
    private readonly Daemon _daemon = new() { AwaitFirstCycle = false };
    private readonly Shell _shell = new();

    private string Opened => Path.Combine(_folder, "opened");

    public async Task InitializeAsync()
    {
        await _daemon.InitializeAsync();
        _shell.Run("Connect-CloudSync -DataPath $args[0]", _daemon.DataPath).Clean();
        var file = Path.Combine(_folder, "xdg-open");
        await File.WriteAllTextAsync(file, $"#!/bin/sh\nprintf '%s' \"$*\" >'{Opened}.new' && mv '{Opened}.new' '{Opened}'\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{_folder}{Path.PathSeparator}{_path}");
    }

    public async Task DisposeAsync()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _shell.Dispose();
        await _daemon.DisposeAsync();
        Directory.Delete(_folder, true);
    }

    [Fact]
    public async Task OpensTheLink()
    {
        var link = _shell.Run("Show-CloudSyncDashboard -PassThru").One<DashboardLink>();
        while (!File.Exists(Opened)) await Task.Delay(20);
        Assert.Equal(link.Uri.AbsoluteUri, await File.ReadAllTextAsync(Opened));
        Assert.Empty(_shell.Run("Show-CloudSyncDashboard -ReadOnly").Clean().Output);
    }

    [Fact]
    public void SaysThatThereIsNoBrowser()
    {
        Environment.SetEnvironmentVariable("PATH", "/nonexistent");
        var error = _shell.Run("Show-CloudSyncDashboard").Error();
        Assert.StartsWith("ProgramNotFound,", error.FullyQualifiedErrorId);
    }
}

using System;
using System.Globalization;
using System.IO;
using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace CloudSync.Test;

[Collection("daemon")]
public sealed class ConnectTest(Daemon daemon) : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    private const string Here = "$ExecutionContext.SessionState.Path.SetLocation($args[0]) > $null; ";

    private string Token => File.ReadAllText(Path.Combine(daemon.DataPath, "token"));

    private Uri Address => DataFolder.Read(daemon.DataPath, false).Address;

    [Fact]
    public void FindsTheDaemonByItsDataFolder()
    {
        var connection = _shell.Run("Connect-CloudSync -DataPath $args[0]", daemon.DataPath).One<Connection>();
        Assert.Equal(Address, connection.Uri);
        Assert.Equal(daemon.DataPath, connection.DataPath);
        Assert.Matches(@"^\d+\.\d+", connection.Version);
        Assert.NotNull(connection.TenantId);
    }

    [Theory]
    [InlineData("[pscustomobject]@{ DataPath = $args[0] } | Connect-CloudSync")]
    [InlineData("[System.IO.DirectoryInfo]::new($args[0]) | Connect-CloudSync")]
    [InlineData("$args[0] | Connect-CloudSync")]
    [InlineData("$args[0] | Connect-CloudSync | Connect-CloudSync")]
    public void TakesTheDataFolderFromThePipeline(string script) => Assert.Equal(Address, _shell.Run(script, daemon.DataPath).One<Connection>().Uri);

    [Fact]
    public void TakesTheFileOfTheToken() => Assert.Equal(
        Address, _shell.Run("Connect-CloudSync -Uri $args[0] -TokenFile $args[1]", Address, Path.Combine(daemon.DataPath, "token")).One<Connection>().Uri);

    [Fact]
    public void TakesTheTokenAsASecureString()
    {
        var secret = new NetworkCredential("", Token).SecurePassword;
        Assert.Equal(Address, _shell.Run("Connect-CloudSync -Uri $args[0] -Token $args[1]", Address, secret).One<Connection>().Uri);
        Assert.Equal(daemon.DataPath, _shell.Run("Get-CloudSyncStatus").One<DaemonStatus>().DataPath);
    }

    [Fact]
    public void TakesTheFolderOfTheEnvironmentOrTheOneHere()
    {
        Assert.StartsWith("DaemonNotFound,", _shell.Run(Here + "Get-CloudSyncStatus", Path.GetTempPath()).Error().FullyQualifiedErrorId);
        var folder = Directory.CreateTempSubdirectory("cloudsync-here-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "cloudsync-data"), daemon.DataPath);
            Assert.Equal(daemon.DataPath, _shell.Run(Here + "Get-CloudSyncStatus", folder).One<DaemonStatus>().DataPath);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void MayLookWithTheReadersTokenAndChangeNothing()
    {
        _shell.Run("Connect-CloudSync -DataPath $args[0] -ReadOnly", daemon.DataPath).Clean();
        _shell.Run("Get-CloudSyncStatus").One<DaemonStatus>();
        var error = _shell.Run("Start-CloudSyncCycle").Error();
        Assert.StartsWith("CS7104,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.PermissionDenied, error.CategoryInfo.Category);
    }

    [Fact]
    public void KeepsSessionsApartAndTakesAConnectionFromAnother()
    {
        var connection = _shell.Run("Connect-CloudSync -DataPath $args[0]", daemon.DataPath).One<Connection>();
        using var other = new Shell();
        Assert.StartsWith("DaemonNotFound,", other.Run(Here + "Get-CloudSyncStatus", Path.GetTempPath()).Error().FullyQualifiedErrorId);
        other.Run("Get-CloudSyncStatus -Connection $args[0]", connection).One<DaemonStatus>();
    }

    [Fact]
    public void ForgetsTheDaemon()
    {
        _shell.Run("Connect-CloudSync -DataPath $args[0]; Disconnect-CloudSync; Disconnect-CloudSync", daemon.DataPath).One<Connection>();
        Assert.StartsWith("DaemonNotFound,", _shell.Run(Here + "Get-CloudSyncStatus", Path.GetTempPath()).Error().FullyQualifiedErrorId);
    }

    [Fact]
    public void RefusesATokenThatIsNotTheDaemons()
    {
        var error = _shell.Run("Connect-CloudSync -Uri $args[0] -Token $args[1]", Address, new NetworkCredential("", "wrong").SecurePassword).Error();
        Assert.StartsWith("CS7103,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
    }

    [Fact]
    public void NeverShowsTheToken()
    {
        var shown = _shell.Run("$c = Connect-CloudSync -DataPath $args[0]; $c | Out-Default; $c | Format-List * -Force -ErrorAction Ignore | Out-Default", daemon.DataPath).Shown;
        Assert.Contains(Address.ToString(), shown);
        Assert.DoesNotContain(Token, shown);
    }
}

/// <summary>What keeps one from the daemon, without one.</summary>
public sealed class NoDaemonTest : IDisposable
{
    private readonly Shell _shell = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cloudsync-none-").FullName;

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, true);
    }

    private ErrorRecord Connect() => _shell.Run("Connect-CloudSync -DataPath $args[0]", _folder).Error();

    private void Write(string daemon) => File.WriteAllText(Path.Combine(_folder, "daemon.json"), daemon);

    [Theory]
    [InlineData("http://192.0.2.7:7373")]
    [InlineData("http://cloudsync.contoso.test:7373")]
    [InlineData("http://127.0.0.1.contoso.test:7373")]
    [InlineData("http://localhost.contoso.test:7373")]
    [InlineData("https://[2001:db8::1]:7373")]
    public void GivesTheTokenToNoOtherMachine(string address)
    {
        var error = _shell.Run("Connect-CloudSync -Uri $args[0] -Token $args[1]", address, new NetworkCredential("", "t").SecurePassword).Error();
        Assert.StartsWith("NotLoopback,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.SecurityError, error.CategoryInfo.Category);
    }

    [Fact]
    public void SaysThatNoDaemonRuns()
    {
        var error = Connect();
        Assert.StartsWith("DaemonNotFound,", error.FullyQualifiedErrorId);
        Assert.Contains(_folder, error.ErrorDetails.Message);
        Assert.Contains("-DataPath", error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"url\":7}")]
    [InlineData("{\"url\":\"not an address\"}")]
    public void SaysThatTheDaemonsFileIsDamaged(string daemon)
    {
        Write(daemon);
        Assert.StartsWith("DaemonFileDamaged,", Connect().FullyQualifiedErrorId);
    }

    [Fact]
    public void SaysThatADaemonsFileNamesAnotherMachine()
    {
        Write("{\"url\":\"http://192.0.2.7:7373\"}");
        Assert.StartsWith("NotLoopback,", Connect().FullyQualifiedErrorId);
    }

    [Fact]
    public void SaysThatTheTokenCannotBeRead()
    {
        Write("{\"url\":\"http://127.0.0.1:1\"}");
        Assert.StartsWith("TokenUnreadable,", Connect().FullyQualifiedErrorId);
        File.WriteAllText(Path.Combine(_folder, "token"), "two\nlines");
        var error = Connect();
        Assert.StartsWith("TokenUnreadable,", error.FullyQualifiedErrorId);
        Assert.DoesNotContain("two", error.ErrorDetails.Message);
    }

    [Fact]
    public void SaysThatNothingAnswers()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Write($$"""{"url":"http://127.0.0.1:{{port}}"}""");
        File.WriteAllText(Path.Combine(_folder, "token"), "t");
        var error = Connect();
        Assert.StartsWith("DaemonUnreachable,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
    }

    /// <summary>Another program took the port: it is no CloudSync, and a redirect it answers with is not followed.</summary>
    [Theory]
    [InlineData("200 OK", "text/html", "<html>hello</html>", "NotCloudSync")]
    [InlineData("200 OK", "application/json", "{}", "AnswerNotUnderstood")]
    [InlineData("200 OK", "application/json", "[]", "NotCloudSync")]
    [InlineData("302 Found", "text/html", "", "NotCloudSync")]
    [InlineData("500 Internal Server Error", "text/plain", "oops", "NotCloudSync")]
    public async Task SaysThatSomethingElseAnswers(string status, string type, string body, string code)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Write($$"""{"url":"http://127.0.0.1:{{port}}"}""");
        File.WriteAllText(Path.Combine(_folder, "token"), "t");
        var answering = Answer(listener, string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nLocation: http://127.0.0.1:{port}/again\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        Assert.StartsWith($"{code},", Connect().FullyQualifiedErrorId);
        Assert.False(listener.Pending());
        var asked = await answering;
        Assert.Contains("Authorization: Bearer t", asked);
    }

    private static async Task<string> Answer(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var buffer = new byte[8192];
        var asked = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        return asked;
    }
}

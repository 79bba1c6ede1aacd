using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CloudSync.Test;

public sealed class HealthTest(Daemon daemon) : DaemonTest(daemon)
{
    private CheckResult[] Checks(string about) => [.. Run("Test-CloudSync").Many<CheckResult>().Where(one => one.Check == about)];

    [Fact]
    public void FindsEverythingInOrder()
    {
        Run("Start-CloudSyncCycle -Wait").Clean();
        var said = Run("Test-CloudSync");
        var checks = said.Many<CheckResult>();
        Assert.Equal(
            ["Daemon", "Domains", "Configuration", "Domain controllers, tenant and disk", "Cycles", "Objects", "Provisioning log", "Done"],
            said.Progress.Select(one => one.StatusDescription));
        Assert.Equal(ProgressRecordType.Completed, said.Progress[^1].RecordType);
        Assert.All(checks, one => Assert.True(one.Passed, one.ToString()));
        Assert.Equal(
            ["Daemon", "Schedule", "Tenant", "Domain", "Configuration", "File", "Tenant", "Permission", "Disk", "Cycle", "Objects", "ProvisioningLog"],
            checks.Select(one => one.Check).Where((check, i) => i == 0 || check != checks[i - 1].Check));
        Assert.True(Run("Test-CloudSync -Quiet").One<bool>());
    }

    [Fact]
    public void SaysThatADomainCannotBeReadAndWhatToDo()
    {
        File.Move(Daemon.People.File, Daemon.People.File + ".away");
        try
        {
            Run("Start-CloudSyncCycle -Wait");
            var domain = Assert.Single(Checks("Domain"));
            Assert.Equal(CheckOutcome.Failed, domain.Outcome);
            Assert.StartsWith("CS2", domain.Code);
            Assert.NotEmpty(domain.Remedy);
            Assert.False(Run("Test-CloudSync -Quiet").One<bool>());
            var error = Run("Get-CloudSyncError -Scope domain").One<SyncError>();
            Assert.Equal((domain.Code, "contoso/corp.contoso.test"), (error.Code, error.Connector));
            Assert.Contains("contoso/corp.contoso.test", Run("Get-CloudSyncError | Clear-CloudSyncQuarantine -WhatIf").Clean().Shown);
            Run("Get-CloudSyncError -Scope domain | Clear-CloudSyncQuarantine").One<DaemonStatus>();
            Assert.Matches(@"(?m)^Failed +Domain +corp\.contoso\.test", Run("Test-CloudSync | Out-Default").Shown);
        }
        finally
        {
            File.Move(Daemon.People.File + ".away", Daemon.People.File);
            Run("Clear-CloudSyncQuarantine; Start-CloudSyncCycle -Wait");
        }
        Assert.True(Assert.Single(Checks("Domain")).Passed);
    }

    [Fact]
    public void WarnsThatTheScheduleIsSuspended()
    {
        Run("Suspend-CloudSync 'until Friday'").Clean();
        var schedule = Assert.Single(Checks("Schedule"));
        Assert.Equal(CheckOutcome.Warning, schedule.Outcome);
        Assert.Contains("until Friday", schedule.Message);
        Assert.True(Run("Test-CloudSync -Quiet").One<bool>());
        Run("Resume-CloudSync").Clean();
    }

    [Fact]
    public void AsksDomainControllersFromWhereTheDaemonRuns()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        var url = Closed(closed);
        var before = Run("Get-CloudSyncConfiguration").One<ConfigurationVersion>();
        var text = before.Text!.Replace("schedule:", Fabrikam(url, "env: PATH"));
        Run("Set-CloudSyncConfiguration -Text $args[0] -Confirm:$false", text).Clean();
        var port = Assert.Single(Checks("Port"));
        Assert.Equal((url, CheckOutcome.Failed, "CS2003"), (port.Object, port.Outcome, port.Code));
        Assert.Contains("firewall", port.Remedy);
        Assert.False(Run("Test-CloudSync -Quiet").One<bool>());
        Run("Restore-CloudSyncConfiguration $args[0] -Confirm:$false", before.Version).Clean();
    }

    [Fact]
    public void WarnsAReaderThatItAsksNobody()
    {
        Run("Connect-CloudSync -DataPath $args[0] -ReadOnly", Daemon.DataPath).Clean();
        var check = Assert.Single(Checks("Surroundings"));
        Assert.Equal((CheckOutcome.Warning, "CS7104"), (check.Outcome, check.Code));
        Assert.Empty(Checks("Disk"));
    }

    [Fact]
    public void WritesADiagnostic()
    {
        var file = Path.Combine(Path.GetDirectoryName(Daemon.Configuration)!, $"{Guid.NewGuid()}.zip");
        Assert.Empty(Run("Export-CloudSyncDiagnostic $args[0] -WhatIf", file).Clean().Output);
        Assert.False(File.Exists(file));
        Assert.Equal(file, Run("Export-CloudSyncDiagnostic $args[0]", file).One<FileInfo>().FullName);
        Assert.StartsWith("FileUnwritable,", Run("Export-CloudSyncDiagnostic $args[0]", file).Error().FullyQualifiedErrorId);
        var said = Run("[pscustomobject]@{ Path = $args[0] } | Export-CloudSyncDiagnostic -Force", file);
        said.One<FileInfo>();
        var texts = Texts(file);
        Assert.Equal(
            ["checks.txt", "configuration-versions.json", "configuration.yaml", "cycles.json", "failing-objects.json", "log.json", "provisioning-log.json", "schedule.json", "status.json", "surroundings.json"],
            texts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(texts.Keys.Append("Done").Order(StringComparer.Ordinal), said.Progress.Select(one => one.StatusDescription).Order(StringComparer.Ordinal));
        Assert.All(texts.Where(one => one.Key.EndsWith(".json", StringComparison.Ordinal)), one => JsonObject.Parse(one.Value));
        Assert.Contains("Ada Lovelace", texts["provisioning-log.json"]);
        Assert.Contains("Daemon", texts["checks.txt"]);
    }

    /// <summary>A password that somebody wrote where others read, before it was kept as a secret, and that signs in nowhere.</summary>
    [Fact]
    public void WritesADiagnosticWithoutSecrets()
    {
        const string Secret = "correct \"horse\" battery \\ staple 7!";
        var before = Run("Get-CloudSyncConfiguration").One<ConfigurationVersion>();
        Run("Suspend-CloudSync \"until $($args[0]) works\"", Secret).Clean();
        try
        {
            using var closed = new TcpListener(IPAddress.Loopback, 0);
            Keep("not chosen yet");
            var text = $"{before.Text!.Replace("schedule:", Fabrikam(Closed(closed), "vault: planted"))}\n# It is {Secret} now.\n";
            Run("Set-CloudSyncConfiguration -Text $args[0] -Confirm:$false", text).Clean();
            Keep(Secret);
            var file = Path.Combine(Path.GetDirectoryName(Daemon.Configuration)!, $"{Guid.NewGuid()}.zip");
            Run("Export-CloudSyncDiagnostic $args[0]", file).Clean();
            var texts = Texts(file);
            string[] secrets =
            [
                Secret, JsonWriter.Write(Secret).Trim('"'), Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)),
                File.ReadAllText(Path.Combine(Daemon.DataPath, "token")), File.ReadAllText(Path.Combine(Daemon.DataPath, "reader-token")),
            ];
            Assert.All(texts, one => Assert.All(secrets, secret => Assert.False(one.Value.Contains(secret, StringComparison.Ordinal), one.Key)));
            Assert.Contains("until *** works", texts["status.json"]);
            Assert.Contains("until *** works", texts["schedule.json"]);
            Assert.Contains("# It is *** now.", texts["configuration.yaml"]);
            Assert.Contains("vault: planted", texts["configuration.yaml"]);
            Assert.Contains("secretSet", texts["log.json"]);
        }
        finally
        {
            Run("Restore-CloudSyncConfiguration $args[0] -Confirm:$false", before.Version).Clean();
            Run("Resume-CloudSync; Get-CloudSyncCredential plante* | Remove-CloudSyncCredential -Confirm:$false").Clean();
        }
    }

    private void Keep(string secret) => Run("Set-CloudSyncCredential planted -Secret $args[0] -Confirm:$false", new NetworkCredential("", secret).SecurePassword).Clean();

    private static Dictionary<string, string> Texts(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        return zip.Entries.ToDictionary(one => one.Name, one => new StreamReader(one.Open()).ReadToEnd());
    }

    /// <summary>Where nothing listens any more.</summary>
    private static string Closed(TcpListener listener)
    {
        listener.Start();
        var url = $"ldaps://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        return url;
    }

    /// <summary>A second forest, and what comes after it.</summary>
    private static string Fabrikam(string url, string password) => $$"""
          - name: fabrikam
            domains:
              - name: fabrikam.test
                servers: ["{{url}}"]
                bind: { user: svc@fabrikam.test, password: { {{password}} } }
        schedule:
        """;

    [Fact]
    public void SaysThatThisTenantTakesNoPasswords()
    {
        Assert.Empty(Run("Sync-CloudSyncPassword -WhatIf").Clean().Output);
        var said = Run("Sync-CloudSyncPassword");
        Assert.Equal([ProgressRecordType.Processing, ProgressRecordType.Completed], said.Progress.Select(one => one.RecordType));
        var error = said.Error();
        Assert.StartsWith("CS", error.FullyQualifiedErrorId);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }
}

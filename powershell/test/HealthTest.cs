using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Net.Sockets;

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
        closed.Start();
        var url = $"ldaps://127.0.0.1:{((IPEndPoint)closed.LocalEndpoint).Port}";
        closed.Stop();
        var before = Run("Get-CloudSyncConfiguration").One<ConfigurationVersion>();
        var text = before.Text!.Replace(
            "schedule:",
            $$"""
              - name: fabrikam
                domains:
                  - name: fabrikam.test
                    servers: ["{{url}}"]
                    bind: { user: svc@fabrikam.test, password: { env: PATH } }
            schedule:
            """);
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
    public void WritesADiagnosticWithoutSecrets()
    {
        var file = Path.Combine(Path.GetDirectoryName(Daemon.Configuration)!, $"{Guid.NewGuid()}.zip");
        Assert.Empty(Run("Export-CloudSyncDiagnostic $args[0] -WhatIf", file).Clean().Output);
        Assert.False(File.Exists(file));
        Assert.Equal(file, Run("Export-CloudSyncDiagnostic $args[0]", file).One<FileInfo>().FullName);
        Assert.StartsWith("FileUnwritable,", Run("Export-CloudSyncDiagnostic $args[0]", file).Error().FullyQualifiedErrorId);
        var said = Run("[pscustomobject]@{ Path = $args[0] } | Export-CloudSyncDiagnostic -Force", file);
        said.One<FileInfo>();
        using var zip = ZipFile.OpenRead(file);
        var texts = zip.Entries.ToDictionary(one => one.Name, one => new StreamReader(one.Open()).ReadToEnd());
        Assert.Equal(
            ["checks.txt", "configuration-versions.json", "configuration.yaml", "cycles.json", "failing-objects.json", "log.json", "provisioning-log.json", "schedule.json", "status.json", "surroundings.json"],
            texts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(texts.Keys.Append("Done").Order(StringComparer.Ordinal), said.Progress.Select(one => one.StatusDescription).Order(StringComparer.Ordinal));
        Assert.All(texts.Where(one => one.Key.EndsWith(".json", StringComparison.Ordinal)), one => JsonObject.Parse(one.Value));
        Assert.Contains("Ada Lovelace", texts["provisioning-log.json"]);
        Assert.Contains("Daemon", texts["checks.txt"]);
        string[] secrets = [File.ReadAllText(Path.Combine(Daemon.DataPath, "token")), File.ReadAllText(Path.Combine(Daemon.DataPath, "reader-token"))];
        Assert.All(texts.Values, text => Assert.All(secrets, secret => Assert.DoesNotContain(secret, text)));
    }

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

using System;
using System.Collections;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace CloudSync.Test;

/// <summary>The scripts of <c>powershell/examples</c>, run as they are.</summary>
public sealed class ExamplesTest(Daemon daemon) : DaemonTest(daemon)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "powershell", "examples");

    private static string Script(string name) => $"& '{Path.Combine(Folder, name)}'";

    private static readonly string[] Leaving = ["Leaving One", "Leaving Two", "Leaving Three"];

    private void Hold()
    {
        foreach (var name in Leaving) Daemon.People.With(name);
        Daemon.People.Write();
        Run("Start-CloudSyncCycle -Wait").Clean();
        foreach (var name in Leaving) Daemon.People.Without(name);
        Daemon.People.Write();
    }

    [Fact]
    public void NeedsNothingButTheModuleAndTheLanguage() => Assert.All(Directory.GetFiles(Folder, "*.ps1"), file =>
    {
        var script = Parser.ParseFile(file, out _, out var problems);
        Assert.Empty(problems.Select(one => one.Message));
        Assert.NotNull(script.GetHelpContent()?.Synopsis);
        Assert.NotEmpty(script.GetHelpContent().Examples);
    });

    /// <summary>A daemon that does not begin in staging has written before anybody has looked.</summary>
    [Fact]
    public void TellsAnAdminToBeginInStaging()
    {
        string[] told = [Path.Combine(Folder, "onboarding-check.ps1"), Path.Combine(Folder, "migrate-from-connect.ps1"), Path.Combine(Repository.Module, "en-US", "about_CloudSync.help.txt")];
        Assert.All(told, file => Assert.Contains("\"staging: true\"", File.ReadAllText(file)));
    }

    [Fact]
    public async Task SendsAMailWhenTheNightlyCycleIsHeld()
    {
        Hold();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var receiving = Task.Run(() => Receive(server));
        var said = Run(
            $"{Script("nightly-cycle.ps1")} -SmtpServer 127.0.0.1 -Port $args[0] -From sync@contoso.test -To admins@contoso.test -DataPath $args[1]; $LASTEXITCODE",
            ((IPEndPoint)server.LocalEndpoint).Port,
            Daemon.DataPath);
        Assert.Null(said.Ended?.ToString());
        var mail = await receiving;
        Assert.Contains("Held", mail);
        Assert.Contains("delete user Leaving Two", mail);
        Assert.Contains("Approve-CloudSyncPlan", mail);
        Assert.Equal(CycleState.Held, ((Cycle)said.Output[0].BaseObject).State);
        Assert.Equal(3, said.Output[^1].BaseObject);
    }

    [Fact]
    public void IsQuietWhenTheNightlyCycleSucceeds()
    {
        var said = Run($"{Script("nightly-cycle.ps1")} -SmtpServer 127.0.0.1 -Port 1 -From a@b.test -To c@d.test; $LASTEXITCODE").Clean();
        Assert.Equal(CycleState.Succeeded, ((Cycle)said.Output[0].BaseObject).State);
        Assert.Equal(0, said.Output[^1].BaseObject);
    }

    [Fact]
    public void ApprovesTheLeaversAndKeepsTheOthers()
    {
        Hold();
        Run("Start-CloudSyncCycle -Wait");
        var others = Run($"{Script("approve-hold.ps1")} -Leaver 'Leaving One', 'Leaving Three', 'Somebody Else' -WhatIf");
        Assert.Equal("Leaving Two", others.One<PlannedOperation>().DisplayName);
        Assert.Contains("2 of 3 held operations", others.Shown);
        Assert.Equal(3, Run("Get-CloudSyncPlan -State Held").Many<PlannedOperation>().Count);

        var before = DateTime.Now;
        Run($"{Script("approve-hold.ps1")} -Leaver 'Leaving One', 'Leaving Three' -DataPath $args[0]", Daemon.DataPath).One<PlannedOperation>();
        string[] gone = [.. Leaving.Where(name => Run("Get-CloudSyncProvisioningLog -Anchor $args[0] -Action delete -Status success -From $args[1]", TestDirectory.AnchorOf(name), before).Output.Count > 0)];
        Assert.Equal(["Leaving One", "Leaving Three"], gone);
        Run("Clear-CloudSyncQuarantine -Identity $args[0]", TestDirectory.AnchorOf("Leaving Two")).Clean();
    }

    [Fact]
    public void SaysWhetherANewInstallationIsReady()
    {
        Daemon.People.With("New Starter").Write();
        var report = Assert.Single(Run(Script("onboarding-check.ps1")).Clean().Output);
        Assert.Equal(true, report.Properties["Ready"].Value);
        Assert.Equal(false, report.Properties["Staging"].Value);
        Assert.Equal(1, ((Hashtable)report.Properties["Planned"].Value)["create user"]);
        Assert.True(((Hashtable)report.Properties["Skipped"].Value).ContainsKey("user: serviceAccount"));

        Daemon.People.Without("Grace Hopper").Write();
        Assert.Equal(false, Assert.Single(Run(Script("onboarding-check.ps1")).Clean().Output).Properties["Ready"].Value);
    }

    [Fact]
    public void ComparesWhatEntraConnectKeeps()
    {
        Daemon.People.With("New Starter").Write();
        PSObject User(string upn, string? anchor) => new(new { UserPrincipalName = upn, OnPremisesImmutableId = anchor });
        object[] users =
        [
            User(TestDirectory.Upn("Ada Lovelace"), TestDirectory.AnchorOf("Ada Lovelace")),
            User(TestDirectory.Upn("Charles Babbage"), TestDirectory.AnchorOf("another")),
            User(TestDirectory.Upn("MSOL_1234"), TestDirectory.AnchorOf("MSOL_1234")),
            User("gone@corp.contoso.test", TestDirectory.AnchorOf("gone")),
        ];
        var differences = Run($"$args[0] | {Script("migrate-from-connect.ps1")}", [users]).Clean().Output
            .Select(one => ((string)one.Properties["Difference"].Value, one.Properties["UserPrincipalName"].Value as string)).ToArray();
        Assert.Equal(
            [
                ("OtherAnchor", TestDirectory.Upn("Charles Babbage")),
                ("OutOfScope", TestDirectory.Upn("MSOL_1234")),
                ("Missing", "gone@corp.contoso.test"),
                ("NotInTenant", TestDirectory.Upn("New Starter")),
            ],
            differences);
    }

    /// <summary>As little of RFC 5321 as takes one mail.</summary>
    private static async Task<string> Receive(TcpListener server)
    {
        using var client = await server.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        var mail = new StringBuilder();
        for (var inData = false; await reader.ReadLineAsync() is { } line;)
        {
            if (inData && line != ".") mail.AppendLine(line);
            else if (inData)
            {
                inData = false;
                await writer.WriteLineAsync("250 taken");
            }
            else if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                inData = true;
                await writer.WriteLineAsync("354 go on");
            }
            else if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("221 bye");
                break;
            }
            else
            {
                await writer.WriteLineAsync("250 ok");
            }
        }
        return mail.ToString();
    }
}

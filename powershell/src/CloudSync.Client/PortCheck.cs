using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

/// <summary>Whether what the configuration names can be reached from this machine, which is the daemon's.</summary>
internal static class PortCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Sign-in and Graph of each cloud.</summary>
    private static readonly Dictionary<string, string[]> Clouds = new(StringComparer.Ordinal)
    {
        ["global"] = ["login.microsoftonline.com", "graph.microsoft.com"],
        ["usGov"] = ["login.microsoftonline.us", "graph.microsoft.us"],
        ["usGovDoD"] = ["login.microsoftonline.us", "dod-graph.microsoft.us"],
        ["china"] = ["login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn"],
    };

    public static async Task<IReadOnlyList<CheckResult>> Of(DaemonClient daemon, CancellationToken cancel)
    {
        var configuration = (await daemon.Configuration(null, cancel).ConfigureAwait(false)).Document ?? [];
        var targets = Servers(configuration).Concat(Tenant(configuration)).Distinct();
        return await Task.WhenAll(targets.Select(target => Check(target.Host, target.Port, cancel))).ConfigureAwait(false);
    }

    private static IEnumerable<(string Host, int Port)> Servers(IDictionary configuration) =>
        from forest in Items(configuration["forests"])
        from domain in Items(forest["domains"])
        from server in (domain["servers"] as IEnumerable)?.OfType<string>() ?? []
        let address = Address(server)
        where address is not null
        select (address.Host, address.IsDefaultPort || address.Port < 0 ? (address.Scheme == "ldap" ? 389 : 636) : address.Port);

    private static IEnumerable<(string Host, int Port)> Tenant(IDictionary configuration)
    {
        var tenant = configuration["tenant"] as IDictionary;
        if (tenant?["endpoints"] is IDictionary endpoints)
        {
            return new[] { "authority", "graph" }.Select(name => Address(endpoints[name] as string)).OfType<Uri>().Select(one => (one.Host, one.Port));
        }
        return Clouds.TryGetValue(tenant?["cloud"] as string ?? "", out var hosts) ? hosts.Select(host => (host, 443)) : [];
    }

    private static async Task<CheckResult> Check(string host, int port, CancellationToken cancel)
    {
        using var client = new TcpClient();
        var connecting = client.ConnectAsync(host, port);
        var first = await Task.WhenAny(connecting, Task.Delay(Patience, cancel)).ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
        if (first == connecting && connecting.Status == TaskStatus.RanToCompletion) return new CheckResult("Port", $"{host}:{port}", CheckOutcome.Passed, "It takes connections.");
        // Whatever it still fails with has been told.
        _ = connecting.ContinueWith(task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        var problem = connecting.Exception?.GetBaseException().Message ?? $"No answer within {Patience.TotalSeconds} seconds.";
        return new CheckResult("Port", $"{host}:{port}", CheckOutcome.Failed, problem, "Check name resolution, the firewall and whether the server runs.");
    }

    private static IEnumerable<IDictionary> Items(object? list) => (list as IEnumerable)?.OfType<IDictionary>() ?? [];

    private static Uri? Address(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0 ? address : null;
}

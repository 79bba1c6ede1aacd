using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;

namespace CloudSync.Services;

/// <summary>Daemons as tasks that Windows starts with the machine: a service would have to speak to the service control manager.</summary>
internal sealed class TaskScheduler : ServiceManager
{
    /// <summary>As docs/events.md has it.</summary>
    private const string InstalledEvent = "1";

    public override string Define(Installation installation) => Document(installation).ToString();

    public override async Task<DaemonService> Install(Installation installation, CancellationToken cancel)
    {
        await ScheduledTask.Register(installation.Name, Document(installation), cancel).ConfigureAwait(false);
        // The first event makes its source known, which the account the daemon runs as may not.
        await Tool.Run(
            "eventcreate.exe",
            ["/L", "APPLICATION", "/SO", "CloudSync", "/T", "INFORMATION", "/ID", InstalledEvent, "/D", $"The daemon was installed. {installation.Name}"],
            cancel).ConfigureAwait(false);
        return await Get(installation.Name, installation.Scope, cancel).ConfigureAwait(false);
    }

    public override async Task Uninstall(string name, ServiceScope scope, CancellationToken cancel)
    {
        await Stop(name, scope, cancel).ConfigureAwait(false);
        await ScheduledTask.Unregister(name, cancel).ConfigureAwait(false);
    }

    public override Task<DaemonService> Start(string name, ServiceScope scope, CancellationToken cancel) => Do("/Run", name, scope, cancel);

    public override Task<DaemonService> Stop(string name, ServiceScope scope, CancellationToken cancel) => Do("/End", name, scope, cancel);

    public override async Task<DaemonService> Get(string name, ServiceScope scope, CancellationToken cancel)
    {
        var definition = await Tool.Run("schtasks.exe", ["/Query", "/TN", name, "/XML", "ONE"], cancel).ConfigureAwait(false);
        var row = await Tool.Run("schtasks.exe", ["/Query", "/TN", name, "/FO", "CSV", "/NH"], cancel).ConfigureAwait(false);
        var fields = row.Trim().Split(',');
        return new DaemonService(name, scope, fields[fields.Length - 1].Trim().Trim('"'), null, definition);
    }

    private async Task<DaemonService> Do(string verb, string name, ServiceScope scope, CancellationToken cancel)
    {
        await Tool.Run("schtasks.exe", [verb, "/TN", name], cancel).ConfigureAwait(false);
        return await Get(name, scope, cancel).ConfigureAwait(false);
    }

    /// <summary>As the local system where nobody else is named: S-1-5-18.</summary>
    private static XDocument Document(Installation installation) => ScheduledTask.Always(
        $"CloudSync daemon {installation.Name}", installation.Account ?? "S-1-5-18", installation.Program, Tool.Arguments(installation.Words));
}

using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Services;

/// <summary>What starts daemons on this operating system.</summary>
internal abstract class ServiceManager
{
    /// <summary>Whether this is such a system.</summary>
    public static Func<OSPlatform, bool> IsOn { get; set; } = RuntimeInformation.IsOSPlatform;

    /// <exception cref="CloudSyncException">None that is known here.</exception>
    public static ServiceManager Here() =>
        IsOn(OSPlatform.Windows) ? new TaskScheduler()
        : IsOn(OSPlatform.Linux) ? new Systemd()
        : throw new CloudSyncException(ModuleErrors.NotOnThisSystem("Installing a daemon", "Windows and on Linux with systemd"));

    /// <summary>The text it would be defined by.</summary>
    public abstract string Define(Installation installation);

    public abstract Task<DaemonService> Install(Installation installation, CancellationToken cancel);

    public abstract Task Uninstall(string name, ServiceScope scope, CancellationToken cancel);

    public abstract Task<DaemonService> Start(string name, ServiceScope scope, CancellationToken cancel);

    public abstract Task<DaemonService> Stop(string name, ServiceScope scope, CancellationToken cancel);

    public abstract Task<DaemonService> Get(string name, ServiceScope scope, CancellationToken cancel);
}

using System;
using System.Management.Automation;
using CloudSync.Services;

namespace CloudSync.Cmdlets;

/// <summary>Opens the daemon's dashboard in the browser of this machine.</summary>
/// <remarks>
/// The daemon gives a link that is good once and for a minute. With -NoBrowser it comes out and nothing is opened: paste it
/// into the address bar of a browser on this machine.
/// </remarks>
/// <example><code>Show-CloudSyncDashboard</code><para>Opens the dashboard, which may do what the session's token may.</para></example>
/// <example><code>Show-CloudSyncDashboard -ReadOnly</code><para>Opens a dashboard that only shows.</para></example>
/// <example><code>(Show-CloudSyncDashboard -NoBrowser).Uri.AbsoluteUri</code><para>Gives the link alone.</para></example>
[Cmdlet(VerbsCommon.Show, "CloudSyncDashboard")]
[OutputType(typeof(DashboardLink))]
public sealed class ShowCloudSyncDashboard : WholeDaemonCmdlet
{
    /// <summary>The dashboard shows and changes nothing.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Opens no browser, and gives the link.</summary>
    [Parameter]
    public SwitchParameter NoBrowser { get; set; }

    /// <summary>Gives the link as well.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessDaemon()
    {
        var link = Await(cancel => Daemon.DashboardLink(ReadOnly ? "reader" : null, cancel));
        // What the daemon answers is opened by whoever sits here: only its own dashboard is.
        if (link.Uri.Authority != Daemon.Address.Authority || link.Uri.Scheme != Uri.UriSchemeHttp)
        {
            throw new CloudSyncException(ModuleErrors.NotCloudSync(Daemon.Address, "It gives a link that leads elsewhere."));
        }
        if (!NoBrowser) Browser.Open(link.Uri.AbsoluteUri);
        if (NoBrowser || PassThru) WriteObject(link);
    }
}

using System;
using System.Management.Automation;
using System.Security;

namespace CloudSync.Cmdlets;

/// <summary>Connects this session to a daemon on this machine.</summary>
/// <remarks>
/// The daemon is found by its data folder, where it writes the address it listens on and the token that opens its API;
/// only the account that runs the daemon, and administrators, can read that token. Other cmdlets then use this
/// connection. Without it they connect to the daemon of the default data folder by themselves, so this cmdlet is
/// needed only for another one.
///
/// Nothing but a loopback address is accepted: the token would leave the machine. To manage another machine, run the
/// module there, or bring the daemon's port here through an SSH tunnel.
/// </remarks>
/// <example><code>Connect-CloudSync</code><para>Connects to the daemon of the default data folder.</para></example>
/// <example><code>Connect-CloudSync -DataPath D:\CloudSync</code><para>Connects to the daemon that was started with --data D:\CloudSync.</para></example>
/// <example><code>Connect-CloudSync -Uri http://127.0.0.1:7373 -TokenFile D:\CloudSync\token</code><para>Names the address and the file that holds the token.</para></example>
/// <example><code>Connect-CloudSync -Uri http://127.0.0.1:7373 -Token (Get-Secret CloudSync)</code><para>Takes the token from a secret store.</para></example>
[Cmdlet(VerbsCommunications.Connect, "CloudSync", DefaultParameterSetName = "DataPath")]
[OutputType(typeof(Connection))]
public sealed class ConnectCloudSync : CloudSyncCmdlet
{
    /// <summary>The data folder of the daemon. Without it that of the environment variable CLOUDSYNC_DATA is used, or else .\cloudsync-data.</summary>
    [Parameter(ParameterSetName = "DataPath", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <summary>Takes the token that can look at everything and change nothing.</summary>
    [Parameter(ParameterSetName = "DataPath")]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Where the daemon listens: a loopback address and its port.</summary>
    [Parameter(ParameterSetName = "TokenFile", Mandatory = true)]
    [Parameter(ParameterSetName = "Token", Mandatory = true)]
    public Uri Uri { get; set; } = null!;

    /// <summary>The file that holds the token. It is read for each call, so it may change while connected.</summary>
    [Parameter(ParameterSetName = "TokenFile", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string TokenFile { get; set; } = "";

    /// <summary>The token itself, kept as a secure string.</summary>
    [Parameter(ParameterSetName = "Token", Mandatory = true)]
    public SecureString Token { get; set; } = null!;

    private protected override void Process()
    {
        Target = DataPath ?? Uri as object;
        var connection = Open();
        try
        {
            connection.Learn(Await(connection.Daemon.Status));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        WriteObject(Session.Use(connection));
    }

    private Connection Open() => ParameterSetName switch
    {
        "TokenFile" => Connection.ToAddress(Uri, AccessToken.FromFile(GetUnresolvedProviderPathFromPSPath(TokenFile))),
        "Token" => Connection.ToAddress(Uri, AccessToken.FromSecret(Token)),
        _ => Connection.ToDataFolder(DataPath is null ? DefaultDataFolder : GetUnresolvedProviderPathFromPSPath(DataPath), ReadOnly),
    };
}

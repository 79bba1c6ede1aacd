using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Takes one object all the way from the directory to the tenant at once, step by step.</summary>
/// <remarks>
/// The object is read from its directory, and goes through scope, matching and mapping as in a cycle; scope and guards
/// count as they do there. With -WhatIf it is a dry run: the result says what would be written, and nothing is.
/// A step that fails is an error with the daemon's code as well.
/// </remarks>
/// <example><code>Sync-CloudSyncObject ada@corp.contoso.test</code><para>Brings one user up to date.</para></example>
/// <example><code>(Get-ADUser ada | Sync-CloudSyncObject -WhatIf).Steps</code><para>Shows the steps of a dry run.</para></example>
/// <example><code>Sync-CloudSyncObject 'CN=Engineers,OU=Groups,DC=corp,DC=contoso,DC=test' -Member ada@corp.contoso.test</code><para>Brings a group up to date, and of its members one.</para></example>
[Cmdlet(VerbsData.Sync, "CloudSyncObject", SupportsShouldProcess = true, DefaultParameterSetName = "Identity")]
[OutputType(typeof(OnDemandResult))]
public sealed class SyncCloudSyncObject : IdentityCmdlet
{
    /// <summary>Of a group: the members to take along, by any of their names.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(IdentityCompleter))]
    public string[]? Member { get; set; }

    private protected override void Process(string identity)
    {
        var apply = ShouldProcess($"Synchronize {identity}", $"Synchronize {identity}?", "Synchronize", out var reason);
        if (!apply && reason != ShouldProcessReason.WhatIf) return;
        var result = WithProgress("Synchronizing", identity, () => Ask(identity, (name, cancel) => Daemon.Provision(name, apply, Member, cancel)));
        WriteObject(result);
        foreach (var error in result.Steps.Select(one => one.Error).OfType<ErrorReport>()) Tell(error, identity);
    }
}

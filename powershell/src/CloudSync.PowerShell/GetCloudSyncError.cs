using System;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace CloudSync.Cmdlets;

/// <summary>Gets what keeps the tenant from being in step: errors of objects, domains and the tenant.</summary>
/// <remarks>Each has the daemon's code, which its error reference explains, and says what to do.</remarks>
/// <example><code>Get-CloudSyncError</code><para>Gets all errors.</para></example>
/// <example><code>Get-CloudSyncError -Code CS6007 | Get-CloudSyncObject</code><para>Gets the objects whose match waits for approval.</para></example>
/// <example><code>Get-CloudSyncError -Scope domain | Clear-CloudSyncQuarantine</code><para>Lets domains that could not be read be tried again at once.</para></example>
[Cmdlet(VerbsCommon.Get, "CloudSyncError")]
[OutputType(typeof(SyncError))]
public sealed class GetCloudSyncError : DaemonCmdlet
{
    /// <summary>Only errors with this code. Wildcards are taken.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ErrorCodeCompleter))]
    [SupportsWildcards]
    public string Code { get; set; } = "*";

    /// <summary>Only errors of this: tenant, domain, or a kind of object.</summary>
    [Parameter]
    [ValidateSet("tenant", "domain", "user", "group", "contact", "device")]
    public string? Scope { get; set; }

    private protected override void Process()
    {
        var scope = Scope?.ToLowerInvariant();
        if (scope is null or "tenant" or "domain")
        {
            foreach (var error in SyncError.Of(Await(Daemon.Status))) WriteWanted(error);
        }
        if (scope is "tenant" or "domain") return;
        var code = Code.ToUpperInvariant();
        var isOne = Regex.IsMatch(code, @"^CS\d{4}$");
        if (!isOne && !WildcardPattern.ContainsWildcardCharacters(code)) return;
        var pages = Daemon.Failing(PageSize, isOne ? code : null, scope);
        while (!pages.Ended)
        {
            foreach (var found in Await(pages.Next)) WriteWanted(SyncError.Of(found));
        }
    }

    private void WriteWanted(SyncError? error)
    {
        if (error is null || (Scope is not null && !Scope.Equals(error.Scope, StringComparison.OrdinalIgnoreCase))) return;
        if (WildcardPattern.Get(Code, WildcardOptions.IgnoreCase).IsMatch(error.Code)) WriteObject(error);
    }
}

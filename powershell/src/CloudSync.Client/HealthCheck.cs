using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

/// <summary>Looks at all that has to be right for the tenant to be in step, one thing after the other.</summary>
internal sealed class HealthCheck(DaemonClient daemon, string moduleVersion)
{
    /// <summary>The steps, each with a name to show; they look at what the first has found.</summary>
    public IEnumerable<(string Name, Func<CancellationToken, Task<IReadOnlyList<CheckResult>>> Do)> Steps()
    {
        DaemonStatus? status = null;
        yield return ("Daemon", async cancel =>
        {
            status = await daemon.Status(cancel).ConfigureAwait(false);
            return [OfDaemon(status), OfSchedule(status.Schedule), OfTenant(status.Tenant)];
        });
        yield return ("Domains", _ => Task.FromResult<IReadOnlyList<CheckResult>>([.. Map(status!.Connectors, OfDomain)]));
        yield return ("Configuration", OfConfiguration);
        yield return ("Domain controllers, tenant and disk", OfSurroundings);
        yield return ("Cycles", _ => Task.FromResult<IReadOnlyList<CheckResult>>([OfCycle(status!.Last)]));
        yield return ("Objects", OfObjects);
        yield return ("Provisioning log", OfLog);
    }

    private CheckResult OfDaemon(DaemonStatus status) => status.Version == moduleVersion
        ? new CheckResult("Daemon", daemon.Address.ToString(), CheckOutcome.Passed, $"Version {status.Version} answers, running since {status.StartedAt:g}.")
        : new CheckResult(
            "Daemon",
            daemon.Address.ToString(),
            CheckOutcome.Warning,
            $"The daemon is of version {status.Version}, this module of {moduleVersion}.",
            "Use a module and a daemon of the same version.");

    private static CheckResult OfSchedule(Schedule schedule) => schedule.Suspended
        ? new CheckResult(
            "Schedule",
            "",
            CheckOutcome.Warning,
            $"No cycle begins by itself since {schedule.SuspendedSince:g}. {schedule.SuspendedBecause}".TrimEnd(),
            "Run Resume-CloudSync once this is no longer meant.")
        : new CheckResult("Schedule", "", CheckOutcome.Passed, $"The next cycle is a {schedule.NextType} at {schedule.NextAt:g}.");

    private static CheckResult OfTenant(TenantStatus tenant)
    {
        if (tenant.LastError is { } error) return new CheckResult("Tenant", tenant.Id, error);
        return tenant.Quarantine is { } quarantine
            ? new CheckResult("Tenant", tenant.Id, CheckOutcome.Failed, $"It is in quarantine: {quarantine}.", "Look at Get-CloudSyncError, then run Clear-CloudSyncQuarantine -Tenant.")
            : new CheckResult("Tenant", tenant.Id, CheckOutcome.Passed, $"It takes what is written by {tenant.Target}.");
    }

    private static CheckResult OfDomain(ConnectorStatus domain)
    {
        if (domain.LastError is { } error) return new CheckResult("Domain", domain.Domain, error);
        return domain.LastReadAt is null
            ? new CheckResult("Domain", domain.Domain, CheckOutcome.Warning, "It has not been read yet.", "Run Start-CloudSyncCycle -Wait.")
            : new CheckResult("Domain", domain.Domain, CheckOutcome.Passed, $"{domain.Objects} objects, read at {domain.LastReadAt:g} from {domain.Server}.");
    }

    private async Task<IReadOnlyList<CheckResult>> OfConfiguration(CancellationToken cancel)
    {
        var inForce = await daemon.Configuration(null, cancel).ConfigureAwait(false);
        var check = await daemon.CheckConfiguration(inForce.Text ?? "", cancel).ConfigureAwait(false);
        return check.Valid
            ? [new CheckResult("Configuration", inForce.File, CheckOutcome.Passed, $"Version {inForce.Version} is in force since {inForce.AppliedAt:g}.")]
            : [.. Map(check.Errors, error => new CheckResult("Configuration", inForce.File, error))];
    }

    private static CheckResult OfCycle(Cycle? last)
    {
        if (last is null) return new CheckResult("Cycle", "", CheckOutcome.Warning, "None has ended yet.", "Run Start-CloudSyncCycle -Wait.");
        if (last.State == CycleState.Succeeded) return new CheckResult("Cycle", $"{last.Id}", CheckOutcome.Passed, $"It succeeded at {last.EndedAt:g}. {last.Counts}".TrimEnd());
        return last.Error is { } error
            ? new CheckResult("Cycle", $"{last.Id}", error)
            : new CheckResult("Cycle", $"{last.Id}", CheckOutcome.Failed, $"It ended as {last.State}.", "Look at Get-CloudSyncCycle and Get-CloudSyncLog.");
    }

    private async Task<IReadOnlyList<CheckResult>> OfObjects(CancellationToken cancel)
    {
        var failing = await daemon.Failing(1000).Next(cancel).ConfigureAwait(false);
        return
        [
            failing.Count == 0
                ? new CheckResult("Objects", "", CheckOutcome.Passed, "Every object in scope could be written.")
                : new CheckResult(
                    "Objects",
                    "",
                    CheckOutcome.Warning,
                    $"{failing.Count}{(failing.Count == 1000 ? " or more" : "")} objects are held or were refused.",
                    "Look at each with Get-CloudSyncError."),
        ];
    }

    private async Task<IReadOnlyList<CheckResult>> OfLog(CancellationToken cancel) =>
        await daemon.VerifyProvisioningLog(cancel).ConfigureAwait(false) is { } broken
            ? [new CheckResult("ProvisioningLog", "", ModuleErrors.LogChanged(broken))]
            : [new CheckResult("ProvisioningLog", "", CheckOutcome.Passed, "Nobody has changed it.")];

    /// <summary>What the daemon finds when it asks domain controllers, tenant and disk; it asks nobody for a reader.</summary>
    private async Task<IReadOnlyList<CheckResult>> OfSurroundings(CancellationToken cancel)
    {
        try
        {
            return await daemon.CheckSurroundings(cancel).ConfigureAwait(false);
        }
        catch (CloudSyncException error) when (error.Status == 403)
        {
            return [new CheckResult("Surroundings", daemon.Address.ToString(), CheckOutcome.Warning, "A reader's token asks no domain controller and no tenant.", "Connect with the operator's token.", error.Code)];
        }
    }

    private static IEnumerable<CheckResult> Map<T>(IEnumerable<T> items, Func<T, CheckResult> check)
    {
        foreach (var item in items) yield return check(item);
    }
}

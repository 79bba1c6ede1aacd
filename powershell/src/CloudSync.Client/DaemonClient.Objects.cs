using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

internal sealed partial class DaemonClient
{
    /// <exception cref="CloudSyncException">No object is called so: status 404.</exception>
    public async Task<ObjectInfo> Object(ObjectName name, CancellationToken cancel)
    {
        var page = await Get(Query("objects", ("by", name.By), ("value", name.Value)), cancel).ConfigureAwait(false);
        return page.List("items", json => new ObjectInfo(json)).FirstOrDefault()
            ?? throw new CloudSyncException(ModuleErrors.ObjectNotFound(name.Value), 404);
    }

    public async Task<Explanation> Explain(ObjectName name, CancellationToken cancel) =>
        new(await Get(Query("objects/explanation", ("by", name.By), ("value", name.Value)), cancel).ConfigureAwait(false));

    public async Task<OnDemandResult> Provision(ObjectName name, bool apply, IReadOnlyList<string>? members, CancellationToken cancel)
    {
        var body = Body(("by", name.By), ("value", name.Value), ("apply", apply), ("members", members));
        return new OnDemandResult(await Post("objects/provision", body, cancel).ConfigureAwait(false));
    }

    public async Task<ObjectInfo> Release(ObjectName name, CancellationToken cancel) =>
        new(await Post("objects/release", Body(("by", name.By), ("value", name.Value)), cancel).ConfigureAwait(false));

    /// <summary>All objects, or those called by a text, as a whole or from the beginning.</summary>
    public Pages<ObjectInfo> Objects(
        int pageSize, string? text = null, string? kind = null, string? forest = null, string? domain = null, ObjectState? state = null)
    {
        var query = Query("objects", ("text", text), ("kind", kind), ("forest", forest), ("domain", domain), ("state", WordOrNull(state)));
        return new Pages<ObjectInfo>(this, query, pageSize, json => new ObjectInfo(json));
    }

    /// <summary>Source objects that take no part, with their reasons.</summary>
    public Pages<ObjectInfo> Skipped(int pageSize, string? kind = null, string? reason = null) =>
        new(this, Query("objects/skipped", ("kind", kind), ("reason", reason)), pageSize, json => new ObjectInfo(json));

    /// <summary>Identities that are held or that the tenant refused.</summary>
    public Pages<ObjectInfo> Failing(int pageSize, string? code = null, string? kind = null) =>
        new(this, Query("objects/failing", ("code", code), ("kind", kind)), pageSize, json => new ObjectInfo(json));

    public async Task<DaemonStatus> ClearQuarantine(string scope, string? connector, CancellationToken cancel) =>
        new(await Post("quarantine/clear", Body(("scope", scope), ("connector", connector)), cancel).ConfigureAwait(false));

    public async Task<PasswordRun> SyncPasswords(CancellationToken cancel) => new(await Post("passwords/sync", null, cancel).ConfigureAwait(false));

    /// <summary>Newest first.</summary>
    public Pages<ProvisioningLogEntry> ProvisioningLog(
        long? cycle, string? action, string? status, string? anchor, DateTime? from, DateTime? to, int pageSize)
    {
        var query = Query(
            "provisioning-log",
            ("cycle", cycle?.ToString(CultureInfo.InvariantCulture)),
            ("action", action),
            ("status", status),
            ("anchor", anchor),
            ("from", Time(from)),
            ("to", Time(to)));
        return new Pages<ProvisioningLogEntry>(this, query, pageSize, json => new ProvisioningLogEntry(json));
    }

    /// <summary>The first entry that was changed; null where none was.</summary>
    public async Task<long?> VerifyProvisioningLog(CancellationToken cancel) =>
        (await Get("provisioning-log/verification", cancel).ConfigureAwait(false)).IntegerOrNull("broken");

    /// <summary>Newest first; this level and what is worse.</summary>
    public Pages<LogLine> Log(LogLevel level, string? subsystem, string? name, int pageSize) =>
        new(this, Query("log", ("level", Word(level)), ("subsystem", subsystem), ("event", name)), pageSize, json => new LogLine(json));

    public Task<EventStream> LogEvents(LogLevel level, string? subsystem, string? name, CancellationToken cancel) =>
        EventStream.Open(transport, Api(Query("log/events", ("level", Word(level)), ("subsystem", subsystem), ("event", name))), cancel);

    private static string? Time(DateTime? time) => time?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

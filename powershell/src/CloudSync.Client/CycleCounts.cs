using System.Collections.Generic;
using System.Linq;

namespace CloudSync;

/// <summary>Everything counted in one cycle.</summary>
public sealed class CycleCounts
{
    internal CycleCounts(JsonObject json)
    {
        Read = Count(json, "read");
        Changed = Count(json, "changed");
        Skipped = Count(json, "skipped");
        Created = Count(json, "created");
        Adopted = Count(json, "adopted");
        Updated = Count(json, "updated");
        Disabled = Count(json, "disabled");
        Deleted = Count(json, "deleted");
        Restored = Count(json, "restored");
        MembersAdded = Count(json, "membersAdded");
        MembersRemoved = Count(json, "membersRemoved");
        ManagersSet = Count(json, "managersSet");
        Held = Count(json, "held");
        Waiting = Count(json, "waiting");
        Failed = Count(json, "failed");
        Compared = Count(json, "compared");
        Differing = Count(json, "differing");
    }

    /// <summary>Source objects read.</summary>
    public long Read { get; }

    /// <summary>Source objects that differed from what was known of them.</summary>
    public long Changed { get; }

    /// <summary>Source objects that take no part, each with its reason.</summary>
    public long Skipped { get; }

    public long Created { get; }

    /// <summary>Objects of the tenant taken over because they match.</summary>
    public long Adopted { get; }

    public long Updated { get; }

    public long Disabled { get; }

    public long Deleted { get; }

    public long Restored { get; }

    public long MembersAdded { get; }

    public long MembersRemoved { get; }

    public long ManagersSet { get; }

    public long Held { get; }

    /// <summary>Refused by the tenant before, and waiting to be tried again.</summary>
    public long Waiting { get; }

    public long Failed { get; }

    /// <summary>Objects compared with the tenant: all of them, in a full cycle.</summary>
    public long Compared { get; }

    /// <summary>Of those compared, how many the tenant held otherwise.</summary>
    public long Differing { get; }

    /// <summary>What was done to the tenant; empty where nothing was.</summary>
    public override string ToString() => string.Join(", ", Done().Where(one => one.Count > 0).Select(one => $"{one.Count} {one.Word}"));

    private IEnumerable<(long Count, string Word)> Done()
    {
        yield return (Created, "created");
        yield return (Adopted, "adopted");
        yield return (Updated, "updated");
        yield return (Disabled, "disabled");
        yield return (Deleted, "deleted");
        yield return (Restored, "restored");
        yield return (MembersAdded, "members added");
        yield return (MembersRemoved, "members removed");
        yield return (ManagersSet, "managers set");
        yield return (Held, "held");
        yield return (Waiting, "waiting");
        yield return (Failed, "failed");
    }

    private static long Count(JsonObject json, string name) => json.IntegerOrNull(name) ?? 0;
}

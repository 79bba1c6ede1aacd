namespace CloudSync;

/// <summary>A person's word on what was held, as the daemon took it.</summary>
public sealed class Decision
{
    internal Decision(long cycleId, string verdict, long count)
    {
        CycleId = cycleId;
        Verdict = verdict;
        Count = count;
    }

    public long CycleId { get; }

    /// <summary><c>Approve</c> or <c>Deny</c>.</summary>
    public string Verdict { get; }

    /// <summary>Operations decided on.</summary>
    public long Count { get; }

    public override string ToString() => $"{Verdict}: {Count} operations of cycle {CycleId}";
}

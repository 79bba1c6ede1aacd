namespace CloudSync;

public enum CheckOutcome
{
    Passed,

    /// <summary>It works, and somebody should look at it.</summary>
    Warning,
    Failed,
}

/// <summary>One thing that was looked at.</summary>
public sealed class CheckResult
{
    internal CheckResult(string check, string about, CheckOutcome outcome, string message, string remedy = "", string? code = null)
    {
        Check = check;
        Object = about;
        Outcome = outcome;
        Message = message;
        Remedy = remedy;
        Code = code;
    }

    internal CheckResult(string check, string about, ErrorReport error) : this(check, about, CheckOutcome.Failed, error.Message, error.Remedy, error.Code)
    {
    }

    /// <summary>A finding of the daemon's own.</summary>
    internal CheckResult(JsonObject json)
        : this(Named(json.Text("check")), json.TextOrNull("subject") ?? "", json.Word<CheckOutcome>("state"), json.TextOrNull("message") ?? "", json.TextOrNull("remedy") ?? "", json.TextOrNull("code"))
    {
    }

    /// <summary><c>Daemon</c>, <c>Configuration</c>, <c>Port</c>, <c>Domain</c>, <c>Tenant</c>...</summary>
    public string Check { get; }

    /// <summary>The domain, address or file it is about.</summary>
    public string Object { get; }

    public CheckOutcome Outcome { get; }

    public bool Passed => Outcome == CheckOutcome.Passed;

    /// <summary>What was found.</summary>
    public string Message { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }

    /// <summary>The daemon's error code.</summary>
    public string? Code { get; }

    private static string Named(string check) => char.ToUpperInvariant(check[0]) + check.Substring(1);

    public override string ToString() => $"{Check} {Object}: {Outcome}. {Message}";
}

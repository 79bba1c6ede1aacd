namespace CloudSync;

/// <summary>One error as the daemon tells it, of a cycle, an object, a connector or a call.</summary>
public sealed class ErrorReport
{
    internal ErrorReport(string code, string title, string message, string remedy, string? about = null)
    {
        Code = code;
        Title = title;
        Message = message;
        Remedy = remedy;
        Retry = "";
        Object = about;
    }

    internal ErrorReport(JsonObject json)
    {
        Code = json.Text("code");
        Title = json.TextOrNull("title") ?? "";
        Message = json.TextOrNull("message") ?? json.TextOrNull("detail") ?? Title;
        Remedy = json.TextOrNull("remedy") ?? "";
        Retry = json.TextOrNull("retry") ?? "";
        Object = json.TextOrNull("object");
        Attribute = json.TextOrNull("attribute");
    }

    /// <summary>The stable code, <c>CS</c> and four digits; a name where the error is this module's own.</summary>
    public string Code { get; }

    /// <summary>The cause as a noun phrase.</summary>
    public string Title { get; }

    public string Message { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }

    /// <summary><c>never</c>, <c>later</c> or <c>after</c>.</summary>
    public string Retry { get; }

    /// <summary>The DN, anchor, name or file it is about.</summary>
    public string? Object { get; }

    public string? Attribute { get; }

    public override string ToString() => $"{Code}: {Message}";
}

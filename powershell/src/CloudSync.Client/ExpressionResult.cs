namespace CloudSync;

/// <summary>What an expression gave.</summary>
public sealed class ExpressionResult
{
    internal ExpressionResult(string expression, JsonObject json)
    {
        Expression = expression;
        Result = json.Plain("result");
        Ignored = json.Flag("ignored");
        Error = json.TextOrNull("error");
        Code = json.TextOrNull("code");
    }

    public string Expression { get; }

    public object? Result { get; }

    /// <summary>The attribute would not flow this time.</summary>
    public bool Ignored { get; }

    public string? Error { get; }

    /// <summary>The error's code.</summary>
    public string? Code { get; }

    public override string ToString() => Error ?? (Ignored ? "(does not flow)" : Display.Value(Result));
}

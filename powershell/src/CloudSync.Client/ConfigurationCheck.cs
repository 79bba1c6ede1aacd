using System.Collections.Generic;

namespace CloudSync;

/// <summary>What is wrong with a configuration document.</summary>
public sealed class ConfigurationCheck
{
    internal ConfigurationCheck(JsonObject json)
    {
        Valid = json.Flag("valid");
        Errors = json.List("errors", one => new ErrorReport(one));
    }

    public bool Valid { get; }

    /// <summary>Each with line and column.</summary>
    public IReadOnlyList<ErrorReport> Errors { get; }

    /// <summary>The file it was read from.</summary>
    public string? Path { get; internal set; }

    public override string ToString() => Valid ? "valid" : string.Join("; ", Errors);
}

using System;
using System.Collections.Generic;

namespace CloudSync;

/// <summary>A configuration that is or was in force.</summary>
public sealed class ConfigurationVersion
{
    internal ConfigurationVersion(JsonObject json)
    {
        Version = json.Integer("version");
        Digest = json.Text("digest");
        AppliedAt = json.Time("appliedAt");
        File = json.TextOrNull("file") ?? "";
        Actor = json.TextOrNull("actor") ?? "";
        Text = json.TextOrNull("text");
        Document = json.ObjectOrNull("document")?.Plain();
    }

    public long Version { get; }

    /// <summary>SHA-256 of the text as it was read: what a change has to name.</summary>
    public string Digest { get; }

    public DateTime AppliedAt { get; }

    public string File { get; }

    public string Actor { get; }

    /// <summary>As written. Change it and hand the object to Set-CloudSyncConfiguration. Lists of versions have none.</summary>
    public string? Text { get; set; }

    /// <summary>With its defaults filled in.</summary>
    public Dictionary<string, object?>? Document { get; }

    public override string ToString() => $"version {Version} of {AppliedAt:g}";
}

/// <summary>One difference between two configurations.</summary>
public sealed class ConfigurationDifference
{
    internal ConfigurationDifference(JsonObject json)
    {
        Path = json.Text("path");
        Before = json.Plain("before");
        After = json.Plain("after");
    }

    /// <summary><c>forests[contoso].scope.organizationalUnits</c></summary>
    public string Path { get; }

    public object? Before { get; }

    public object? After { get; }

    public override string ToString() => $"{Path}: {Display.Value(Before)} -> {Display.Value(After)}";
}

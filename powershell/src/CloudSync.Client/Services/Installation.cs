using System.Collections.Generic;

namespace CloudSync.Services;

public enum ServiceScope
{
    /// <summary>From the machine's start, whoever is signed in.</summary>
    Machine,

    /// <summary>Of the user who installs it. Not on Windows.</summary>
    User,
}

/// <summary>What a daemon is installed with.</summary>
internal sealed class Installation(string name, ServiceScope scope, string program, IReadOnlyList<string> words, string dataPath, string configuration, string? account)
{
    public string Name { get; } = name;

    public ServiceScope Scope { get; } = scope;

    public string Program { get; } = program;

    public IReadOnlyList<string> Words { get; } = words;

    public string DataPath { get; } = dataPath;

    public string Configuration { get; } = configuration;

    /// <summary>Who it runs as.</summary>
    public string? Account { get; } = account;
}

/// <summary>A daemon that the operating system starts.</summary>
public sealed class DaemonService
{
    internal DaemonService(string name, ServiceScope scope, string state, string? file, string? definition = null)
    {
        Name = name;
        Scope = scope;
        State = state;
        File = file;
        Definition = definition;
    }

    public string Name { get; }

    public ServiceScope Scope { get; }

    /// <summary>As the operating system calls it; <c>notInstalled</c> where there is none.</summary>
    public string State { get; }

    /// <summary>The file that defines it.</summary>
    public string? File { get; }

    /// <summary>What it is, or would be, defined by.</summary>
    public string? Definition { get; }

    public override string ToString() => $"{Name} ({State})";
}

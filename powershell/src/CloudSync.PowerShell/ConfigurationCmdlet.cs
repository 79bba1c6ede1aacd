using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>A cmdlet that puts another configuration into force.</summary>
public abstract class ConfigurationCmdlet : DaemonCmdlet
{
    /// <summary>Replaces the configuration with this digest, by default the one in force now.</summary>
    private protected void Replace(string text, string? digest, string source)
    {
        if (ShouldProcess($"Replace the configuration by the {source}", $"Replace the configuration by the {source}?", "Configuration", out var reason))
        {
            var replaces = digest ?? Await(cancel => Daemon.Configuration(null, cancel)).Digest;
            WriteObject(Await(cancel => Daemon.SetConfiguration(text, replaces, cancel)));
        }
        else if (reason == ShouldProcessReason.WhatIf)
        {
            Assess(text);
        }
    }

    /// <summary>What a configuration would do to the tenant, or why it would be refused.</summary>
    private protected void Assess(string text) =>
        WriteObject(WithProgress("Planning by another configuration", $"{Daemon.Address}", () => Await(cancel => Daemon.AssessConfiguration(text, cancel))));
}

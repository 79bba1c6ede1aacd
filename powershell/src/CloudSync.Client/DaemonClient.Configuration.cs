using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

internal sealed partial class DaemonClient
{
    public async Task<ConfigurationVersion> Configuration(long? version, CancellationToken cancel) =>
        new(await Get(version is null ? "configuration" : $"configuration/versions/{version}", cancel).ConfigureAwait(false));

    /// <summary>Newest first, without their texts.</summary>
    public Pages<ConfigurationVersion> ConfigurationVersions(int pageSize) =>
        new(this, "configuration/versions", pageSize, json => new ConfigurationVersion(json));

    /// <summary>With the one in force where the other is left out.</summary>
    public async Task<IReadOnlyList<ConfigurationDifference>> Differences(long version, long? with, CancellationToken cancel)
    {
        var path = Query($"configuration/versions/{version}/differences", ("with", with?.ToString(CultureInfo.InvariantCulture)));
        return (await Get(path, cancel).ConfigureAwait(false)).List("differences", json => new ConfigurationDifference(json));
    }

    public async Task<ConfigurationCheck> CheckConfiguration(string text, CancellationToken cancel) =>
        new(await Post("configuration/check", Body(("text", text)), cancel).ConfigureAwait(false));

    /// <summary>What this configuration would do, from what was last read.</summary>
    public async Task<Assessment> AssessConfiguration(string text, CancellationToken cancel) =>
        new(await Post("configuration/assess", Body(("text", text)), cancel).ConfigureAwait(false));

    /// <summary>Replaces the configuration with this digest, and no other.</summary>
    public async Task<ConfigurationVersion> SetConfiguration(string text, string replaces, CancellationToken cancel) =>
        new(await Put("configuration", Body(("text", text)), cancel, IfMatch(replaces)).ConfigureAwait(false));

    public async Task<ConfigurationVersion> RestoreConfiguration(long version, string replaces, CancellationToken cancel) =>
        new(await Post($"configuration/versions/{version}/restore", null, cancel, IfMatch(replaces)).ConfigureAwait(false));

    /// <summary>Puts into force what the daemon's own file says now.</summary>
    public async Task<ConfigurationVersion> ReloadConfiguration(CancellationToken cancel) =>
        new(await Post("configuration/reload", null, cancel).ConfigureAwait(false));

    public async Task<ExpressionResult> TestExpression(string expression, string dialect, IDictionary? inputs, CancellationToken cancel)
    {
        var body = Body(("expression", expression), ("dialect", dialect), ("inputs", inputs));
        return new ExpressionResult(expression, await Post("expressions/test", body, cancel).ConfigureAwait(false));
    }

    private static (string Name, string Value) IfMatch(string digest) => ("If-Match", $"\"{digest}\"");
}

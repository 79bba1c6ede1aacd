using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

/// <summary>
/// What one needs to see to help, as files of a zip: all of it from the daemon's API, which gives no secret away, and
/// nothing from its files.
/// </summary>
internal sealed class Diagnostic(DaemonClient daemon, HealthCheck checks)
{
    private static readonly (string File, string Path)[] Answers =
    [
        ("status.json", "status"),
        ("schedule.json", "schedule"),
        ("cycles.json", "cycles?limit=200"),
        ("failing-objects.json", "objects/failing?limit=200"),
        ("log.json", "log?level=debug&limit=1000"),
        ("provisioning-log.json", "provisioning-log?limit=1000"),
        ("configuration-versions.json", "configuration/versions?limit=200"),
    ];

    /// <summary>The files, each with its text once it is asked for.</summary>
    public IEnumerable<(string Name, Func<CancellationToken, Task<string>> Text)> Files(Dictionary<string, object?> surroundings)
    {
        yield return ("surroundings.json", _ => Task.FromResult(JsonWriter.Write(surroundings)));
        foreach (var (file, path) in Answers)
        {
            yield return (file, async cancel => JsonWriter.Write(await daemon.Get(path, cancel).ConfigureAwait(false)));
        }
        yield return ("configuration.yaml", async cancel => (await daemon.Configuration(null, cancel).ConfigureAwait(false)).Text ?? "");
        yield return ("checks.txt", Checks);
    }

    private async Task<string> Checks(CancellationToken cancel)
    {
        var lines = new List<string>();
        foreach (var (_, look) in checks.Steps())
        {
            foreach (var result in await look(cancel).ConfigureAwait(false)) lines.Add(result.ToString());
        }
        return string.Join(Environment.NewLine, lines);
    }
}

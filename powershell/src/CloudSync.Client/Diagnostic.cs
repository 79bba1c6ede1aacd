using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

/// <summary>
/// A zip of what one needs to see to help: all of it from the daemon's API, which gives no secret away, and nothing
/// from its files.
/// </summary>
internal sealed class Diagnostic(DaemonClient daemon)
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

    /// <summary>The steps of filling it, each with a name to show.</summary>
    public IEnumerable<(string Name, Func<CancellationToken, Task> Do)> Steps(ZipArchive zip, IEnumerable<KeyValuePair<string, object?>> surroundings)
    {
        yield return ("surroundings", _ => Task.Run(() => Write(zip, "surroundings.json", JsonWriter.Write(new Dictionary<string, object?>(ToDictionary(surroundings))))));
        foreach (var (file, path) in Answers)
        {
            yield return (file, async cancel => Write(zip, file, JsonWriter.Write(await daemon.Get(path, cancel).ConfigureAwait(false))));
        }
        yield return ("configuration.yaml", async cancel => Write(zip, "configuration.yaml", (await daemon.Configuration(null, cancel).ConfigureAwait(false)).Text ?? ""));
    }

    public static void Write(ZipArchive zip, string name, string text)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Optimal).Open(), new UTF8Encoding(false));
        writer.Write(text);
    }

    private static Dictionary<string, object?> ToDictionary(IEnumerable<KeyValuePair<string, object?>> pairs)
    {
        var dictionary = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var pair in pairs) dictionary[pair.Key] = pair.Value;
        return dictionary;
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>The codes of the errors there are now.</summary>
public sealed class ErrorCodeCompleter : DaemonCompleter
{
    internal override async Task<IEnumerable<CompletionResult>> Complete(
        DaemonClient daemon, string command, string parameter, string word, CancellationToken cancel)
    {
        var errors = SyncError.Of(await daemon.Status(cancel).ConfigureAwait(false)).ToList();
        errors.AddRange((await daemon.Failing(1000).Next(cancel).ConfigureAwait(false)).Select(SyncError.Of).OfType<SyncError>());
        return errors.GroupBy(one => one.Code).Where(one => one.Key.StartsWith(word, StringComparison.OrdinalIgnoreCase)).OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => Result(one.Key, $"{one.Key} {one.First().Error.Title}", $"{one.Count()} times: {one.First().Message}"));
    }
}

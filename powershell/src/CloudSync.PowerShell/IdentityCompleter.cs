using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>
/// Objects whose name begins so: by their user principal name where they have one, and else, or where a DN is being
/// written, by their DN.
/// </summary>
public sealed class IdentityCompleter : DaemonCompleter
{
    private const int Most = 20;

    internal override async Task<IEnumerable<CompletionResult>> Complete(
        DaemonClient daemon, string command, string parameter, string word, CancellationToken cancel)
    {
        if (word.Length == 0) return [];
        var byDn = word.IndexOf('=') > 0;
        var found = await daemon.Objects(Most, word).Next(cancel).ConfigureAwait(false);
        return found.Select(one => Name(one, parameter, byDn)).OfType<(string Text, ObjectInfo Of)>()
            .Select(one => Result(one.Text, one.Of.DisplayName, $"{one.Of.Kind}, {one.Of.State}: {one.Of.DistinguishedName ?? one.Text}"));
    }

    private static (string, ObjectInfo)? Name(ObjectInfo found, string parameter, bool byDn)
    {
        var name = parameter == "UserPrincipalName" ? found.UserPrincipalName
            : byDn ? found.DistinguishedName
            : found.UserPrincipalName ?? found.DistinguishedName ?? found.Anchor;
        return name is null ? null : (name, found);
    }
}

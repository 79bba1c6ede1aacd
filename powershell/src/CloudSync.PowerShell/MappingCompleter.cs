using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>Attributes that are mapped: those of Active Directory for <c>-SourceAttribute</c>, and else the tenant's.</summary>
public sealed class MappingCompleter : DaemonCompleter
{
    internal override async Task<IEnumerable<CompletionResult>> Complete(
        DaemonClient daemon, string command, string parameter, string word, CancellationToken cancel)
    {
        var mappings = await daemon.AttributeMappings(null, null, null, cancel).ConfigureAwait(false);
        var named = parameter == "SourceAttribute"
            ? mappings.SelectMany(one => one.SourceAttributes.Select(name => (Name: name, Mapping: one)))
            : mappings.Select(one => (Name: one.Attribute, Mapping: one));
        return named.Where(one => one.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .GroupBy(one => one.Name, StringComparer.OrdinalIgnoreCase).OrderBy(one => one.Key, StringComparer.OrdinalIgnoreCase)
            .Select(one => Result(one.Key, one.Key, string.Join("; ", one.Select(each => each.Mapping.ToString()))));
    }
}

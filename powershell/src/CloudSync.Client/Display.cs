using System;
using System.Collections;
using System.Globalization;
using System.Linq;

namespace CloudSync;

/// <summary>Short text of a value of any kind, for the <c>ToString</c> of what holds it.</summary>
internal static class Display
{
    public static string Value(object? value) => value switch
    {
        null => "(none)",
        string text => text,
        IDictionary members => $"{{{string.Join("; ", members.Cast<DictionaryEntry>().Select(one => $"{one.Key}={Value(one.Value)}"))}}}",
        IEnumerable items => $"{{{string.Join(", ", items.Cast<object?>().Select(Value))}}}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}

using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace CloudSync;

/// <summary>One way to ask for an object: by which of its names, and the name.</summary>
internal readonly struct ObjectName(string by, string value)
{
    private static readonly Regex Anchor = new("^[A-Za-z0-9+/]{22}==$", RegexOptions.CultureInvariant);
    private static readonly Regex Dn = new(@"^\s*[A-Za-z][A-Za-z0-9-]*\s*=", RegexOptions.CultureInvariant);

    public string By { get; } = by;

    public string Value { get; } = value;

    /// <summary>
    /// What a name can be by its form, likeliest first. A GUID can be the tenant's id of an object or AD's, and what is
    /// neither anchor nor DN a user principal name or a mail address.
    /// </summary>
    public static IEnumerable<ObjectName> Guess(string text)
    {
        text = text.Trim();
        if (Anchor.IsMatch(text))
        {
            yield return new ObjectName("anchor", text);
        }
        else if (Guid.TryParse(text, out var guid))
        {
            yield return new ObjectName("tenantId", guid.ToString());
            yield return new ObjectName("objectGuid", guid.ToString());
        }
        else if (Dn.IsMatch(text))
        {
            yield return new ObjectName("dn", text);
        }
        else
        {
            yield return new ObjectName("userPrincipalName", text);
            yield return new ObjectName("mail", text);
        }
    }
}

using System;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CloudSync;

/// <summary>
/// A source anchor in the forms admins meet: base64 of 16 bytes (onPremisesImmutableId, uniqueName), the GUID those
/// bytes are, their hexadecimal, and the distinguished name Entra's connector space spells it as.
/// </summary>
public sealed class SourceAnchor
{
    private static readonly Regex ConnectorSpaceName = new(@"^CN=\{((?:[0-9A-Fa-f]{2})+)\}$", RegexOptions.CultureInvariant);

    public SourceAnchor(Guid guid) => Guid = guid;

    public Guid Guid { get; }

    /// <summary>What the tenant holds.</summary>
    public string Anchor => Convert.ToBase64String(Guid.ToByteArray());

    /// <summary>As an LDAP filter or a hex editor shows the bytes.</summary>
    public string Hex => BitConverter.ToString(Guid.ToByteArray()).Replace("-", "");

    /// <summary>The hexadecimal of the base64 text: <c>CN={514635...}</c>.</summary>
    public string DistinguishedName =>
        $"CN={{{BitConverter.ToString(Encoding.ASCII.GetBytes(Anchor)).Replace("-", "")}}}";

    public override string ToString() => Anchor;

    /// <summary>Reads any of the forms; null where it is none of them.</summary>
    public static SourceAnchor? TryParse(string text)
    {
        text = text.Trim();
        if (Guid.TryParse(text, out var guid)) return new SourceAnchor(guid);
        if (ConnectorSpaceName.Match(text) is { Success: true } match)
        {
            text = Encoding.ASCII.GetString(Bytes(match.Groups[1].Value));
        }
        try
        {
            var bytes = Convert.FromBase64String(text);
            return bytes.Length == 16 ? new SourceAnchor(new Guid(bytes)) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static SourceAnchor? TryParse(byte[] bytes) => bytes.Length == 16 ? new SourceAnchor(new Guid(bytes)) : null;

    private static byte[] Bytes(string hex)
    {
        var bytes = new byte[hex.Length / 2];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = byte.Parse(hex.Substring(2 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }
        return bytes;
    }
}

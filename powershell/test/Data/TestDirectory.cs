using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace CloudSync.Test;

/// <summary>The export of a small domain, written anew after each change.</summary>
internal sealed class TestDirectory(string file)
{
    public const string Domain = "corp.contoso.test";
    public const string Root = "DC=corp,DC=contoso,DC=test";

    private readonly SortedDictionary<string, List<(string Name, string Value)>> _people = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _groups = new(StringComparer.Ordinal);
    private SortedDictionary<string, List<(string Name, string Value)>>? _first;
    private int _changes = 100;

    public string File => file;

    public static string Dn(string name) => $"CN={name},OU=People,{Root}";

    public static string Upn(string name) => $"{name.ToLowerInvariant().Replace(' ', '.')}@{Domain}";

    /// <summary>The same GUID for the same name, always.</summary>
    public static Guid GuidOf(string name) => new(MD5.HashData(Encoding.UTF8.GetBytes(name)));

    public static string AnchorOf(string name) => Convert.ToBase64String(GuidOf(name).ToByteArray());

    /// <summary>It is not what it was when it was written first.</summary>
    public bool Changed { get; private set; }

    /// <summary>Back to what was written first.</summary>
    public void Reset()
    {
        _people.Clear();
        foreach (var (name, attributes) in _first!) _people[name] = attributes;
        Write();
        Changed = false;
    }

    /// <summary>Adds or replaces a user.</summary>
    public TestDirectory With(string name, params (string Name, string Value)[] attributes)
    {
        _changes++;
        _people[name] =
        [
            .. new List<(string, string)>
            {
                ("displayName", name),
                ("sAMAccountName", name.ToLowerInvariant().Replace(" ", "")),
                ("userPrincipalName", Upn(name)),
                ("userAccountControl", "512"),
                ("uSNChanged", $"{_changes}"),
            }.Where(one => attributes.All(other => other.Name != one.Item1)),
            .. attributes,
        ];
        return this;
    }

    public TestDirectory WithGroup(string name, params string[] members)
    {
        _groups[name] = members;
        return this;
    }

    public TestDirectory Without(string name)
    {
        _people.Remove(name);
        return this;
    }

    public void Write()
    {
        Changed = _first is not null;
        _first ??= new(_people, StringComparer.Ordinal);
        var text = new StringBuilder("version: 1\n");
        Entry(text, Root, "domainDNS", Root, []);
        Entry(text, $"OU=People,{Root}", "organizationalUnit", "OU=People", []);
        foreach (var (name, attributes) in _people) Entry(text, Dn(name), "user", name, [("cn", name), .. attributes]);
        foreach (var (name, members) in _groups)
        {
            Entry(text, Dn(name), "group", name,
            [
                ("cn", name), ("displayName", name), ("sAMAccountName", name), ("groupType", "-2147483646"),
                .. members.Select(member => ("member", Dn(member))),
            ]);
        }
        // An empty line ends the last record: without it the file counts as cut off.
        text.Append('\n');
        var fresh = file + ".new";
        System.IO.File.WriteAllText(fresh, text.ToString());
        System.IO.File.Move(fresh, file, true);
    }

    private static void Entry(StringBuilder text, string dn, string kind, string name, IEnumerable<(string Name, string Value)> attributes)
    {
        text.Append($"\ndn: {dn}\nobjectClass: top\n");
        if (kind == "user") text.Append("objectClass: person\nobjectClass: organizationalPerson\n");
        text.Append($"objectClass: {kind}\nobjectGUID:: {AnchorOf(name)}\n");
        foreach (var (attribute, value) in attributes)
        {
            text.Append(Ascii.IsValid(value) ? $"{attribute}: {value}\n" : $"{attribute}:: {Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}\n");
        }
    }
}

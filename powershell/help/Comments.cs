using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CloudSync.Help;

internal sealed record Example(string Code, string Text);

/// <summary>The comments of the sources, as the compiler wrote them down.</summary>
internal sealed partial class Comments
{
    private readonly Dictionary<string, XElement> _members;
    private readonly List<string> _gaps = [];

    private Comments(Dictionary<string, XElement> members) => _members = members;

    /// <summary>What was asked for and has no comment.</summary>
    public IReadOnlyList<string> Gaps => _gaps;

    public static Comments Read(string path) => new(
        XDocument.Load(path).Descendants("member").ToDictionary(one => (string)one.Attribute("name")!, StringComparer.Ordinal));

    public string Summary(Type type) => Paragraphs($"T:{type.FullName}", "summary").FirstOrDefault() ?? Gap(type.Name);

    public IReadOnlyList<string> Remarks(Type type) => Paragraphs($"T:{type.FullName}", "remarks");

    /// <summary>Of a property, declared by the type or by one it derives from.</summary>
    public string Summary(Type type, string property)
    {
        var declaring = type.GetProperty(property)?.DeclaringType ?? type;
        return Paragraphs($"P:{declaring.FullName}.{property}", "summary").FirstOrDefault() ?? Gap($"{type.Name}.{property}");
    }

    public IReadOnlyList<Example> Examples(Type type)
    {
        var examples = _members.GetValueOrDefault($"T:{type.FullName}")?.Elements("example")
            .Select(one => new Example(((string?)one.Element("code") ?? "").Trim(), Line((string?)one.Element("para") ?? ""))).ToArray() ?? [];
        if (examples.Length == 0) Gap($"example of {type.Name}");
        return examples;
    }

    private IReadOnlyList<string> Paragraphs(string member, string element) =>
        _members.GetValueOrDefault(member)?.Element(element) is { } text
            ? BlankLine().Split(text.Value).Select(Line).Where(one => one.Length > 0).ToArray()
            : [];

    private string Gap(string what)
    {
        _gaps.Add(what);
        return "";
    }

    private static string Line(string text) => Blanks().Replace(text, " ").Trim();

    [GeneratedRegex(@"\n\s*\n")]
    private static partial Regex BlankLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

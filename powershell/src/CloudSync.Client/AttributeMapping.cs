using System.Collections.Generic;
using System.Linq;

namespace CloudSync;

/// <summary>How one attribute of the tenant comes about.</summary>
public sealed class AttributeMapping
{
    internal AttributeMapping(JsonObject json)
    {
        ObjectType = json.Text("kind");
        Attribute = json.Text("target");
        Type = json.Text("type");
        SourceAttributes = json.Texts("attributes");
        Expression = json.TextOrNull("expression") ?? "";
        Dialect = json.TextOrNull("dialect");
        Flow = json.TextOrNull("flow") ?? "";
        Origin = json.TextOrNull("origin") ?? "";
        Written = json.Flag("written");
        Default = json.Plain("default");
        WhenEmpty = json.Plain("whenEmpty");
        Merge = json.TextOrNull("merge") ?? "";
        Redacted = json.Flag("redacted");
        OfAccount = json.Flag("ofAccount");
        Precedence = json.List("precedence", one => one.Text("connector"));
        Forests = json.List("precedence", one => one.Text("forest")).Distinct().ToArray();
    }

    /// <summary>The class of objects: <c>user</c>, <c>group</c>, <c>contact</c> or <c>device</c>.</summary>
    public string ObjectType { get; }

    /// <summary>The attribute of the tenant.</summary>
    public string Attribute { get; }

    /// <summary><c>direct</c>, <c>constant</c>, <c>expression</c> or <c>reference</c>.</summary>
    public string Type { get; }

    /// <summary>The attributes of Active Directory it looks at.</summary>
    public IReadOnlyList<string> SourceAttributes { get; }

    /// <summary>What it says. Values in one that passes through Redact are hidden.</summary>
    public string Expression { get; }

    /// <summary><c>provisioning</c> or <c>connect</c>: whose language the expression is in.</summary>
    public string? Dialect { get; }

    /// <summary><c>always</c>, or <c>create</c>: sent only when the object is made.</summary>
    public string Flow { get; }

    /// <summary><c>default</c> or <c>configuration</c>.</summary>
    public string Origin { get; }

    /// <summary>Whether it is written, or only what the tenant's object is found by.</summary>
    public bool Written { get; }

    /// <summary>What is sent when the object is made and the mapping gives nothing.</summary>
    public object? Default { get; }

    /// <summary>What nothing means: <c>clear</c>, <c>keep</c>, or a value in its place.</summary>
    public object? WhenEmpty { get; }

    /// <summary>Of several joined objects the <c>first</c> that has a value gives it, or <c>all</c> give theirs.</summary>
    public string Merge { get; }

    /// <summary>Nobody is shown its values.</summary>
    public bool Redacted { get; }

    /// <summary>An enabled account gives it before one that is not, whatever the precedence.</summary>
    public bool OfAccount { get; }

    /// <summary>The forests that may give a value, strongest first.</summary>
    public IReadOnlyList<string> Forests { get; }

    /// <summary>The domains that may give a value, strongest first, as <c>forest/domain</c>.</summary>
    public IReadOnlyList<string> Precedence { get; }

    public override string ToString() => $"{ObjectType}.{Attribute}: {Expression}";
}

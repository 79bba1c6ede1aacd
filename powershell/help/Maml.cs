using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Xml.Linq;

namespace CloudSync.Help;

/// <summary>Help in the XML that Get-Help reads (MAML).</summary>
internal sealed class Maml(Comments comments)
{
    private static readonly XNamespace Text = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";
    private static readonly XNamespace Root = "http://msh";

    private static readonly HashSet<string> Common =
        [.. Cmdlet.CommonParameters, .. Cmdlet.OptionalCommonParameters.Except(["WhatIf", "Confirm"])];

    public XDocument Write(IEnumerable<CmdletInfo> cmdlets) => new(new XElement(
        Root + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(One)));

    private XElement One(CmdletInfo cmdlet)
    {
        var type = cmdlet.ImplementingType;
        var summary = comments.Summary(type);
        var remarks = comments.Remarks(type);
        var sets = cmdlet.ParameterSets.OrderByDescending(one => one.IsDefault).ToArray();
        var all = sets.SelectMany(Parameters).GroupBy(one => one.Name).Select(one => one.First());
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Text),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun),
                new XElement(Text + "description", Para(summary))),
            new XElement(Text + "description", (remarks.Count == 0 ? [summary] : remarks).Select(Para)),
            new XElement(Command + "syntax", sets.Select(set => new XElement(
                Command + "syntaxItem",
                new XElement(Text + "name", cmdlet.Name),
                Parameters(set).Select(one => Parameter(type, one))))),
            new XElement(Command + "parameters", all.Select(one => Parameter(type, one))),
            new XElement(Command + "inputTypes", Inputs(cmdlet).Select(name => new XElement(Command + "inputType", TypeName(name)))),
            new XElement(Command + "returnValues", cmdlet.OutputType.Select(one => new XElement(
                Command + "returnValue", TypeName(one.Type == typeof(void) ? "None" : one.Name)))),
            new XElement(Command + "examples", comments.Examples(type).Select((one, index) => new XElement(
                Command + "example",
                new XElement(Text + "title", $"--- Example {index + 1} ---"),
                new XElement(Dev + "code", one.Code),
                new XElement(Dev + "remarks", Para(one.Text))))),
            new XElement(Command + "relatedLinks", new XElement(
                Text + "navigationLink", new XElement(Text + "linkText", "about_CloudSync"), new XElement(Text + "uri"))));
    }

    private static IEnumerable<CommandParameterInfo> Parameters(CommandParameterSetInfo set) => set.Parameters
        .Where(one => !Common.Contains(one.Name))
        .OrderBy(one => one.Position < 0)
        .ThenBy(one => one.Position)
        .ThenByDescending(one => one.IsMandatory)
        .ThenBy(one => one.Name is "WhatIf" or "Confirm");

    private XElement Parameter(Type cmdlet, CommandParameterInfo parameter)
    {
        var array = parameter.ParameterType.IsArray;
        var element = new XElement(
            Command + "parameter",
            new XAttribute("required", parameter.IsMandatory ? "true" : "false"),
            new XAttribute("variableLength", array ? "true" : "false"),
            new XAttribute("globbing", "false"),
            new XAttribute("pipelineInput", Pipeline(parameter)),
            new XAttribute("position", parameter.Position < 0 ? "named" : parameter.Position),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Text + "name", parameter.Name),
            new XElement(Text + "description", Para(Describe(cmdlet, parameter))));
        if (parameter.ParameterType != typeof(SwitchParameter))
        {
            element.Add(new XElement(
                Command + "parameterValue",
                new XAttribute("required", "true"),
                new XAttribute("variableLength", array ? "true" : "false"),
                Name(parameter.ParameterType)));
            var words = parameter.Attributes.OfType<ValidateSetAttribute>().SelectMany(one => one.ValidValues).ToArray();
            if (words.Length > 0)
            {
                element.Add(new XElement(Command + "parameterValueGroup", words.Select(word => new XElement(
                    Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), word))));
            }
        }
        element.Add(new XElement(Dev + "type", new XElement(Text + "name", Name(parameter.ParameterType)), new XElement(Text + "uri")));
        return element;
    }

    private string Describe(Type cmdlet, CommandParameterInfo parameter) => parameter.Name switch
    {
        "WhatIf" => "Shows what would happen. Nothing is changed.",
        "Confirm" => "Asks before anything is changed.",
        _ => comments.Summary(cmdlet, parameter.Name),
    };

    private static string Pipeline(CommandParameterInfo parameter) =>
        (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };

    private static string[] Inputs(CmdletInfo cmdlet)
    {
        var taken = cmdlet.ParameterSets.SelectMany(one => one.Parameters).Where(one => one.ValueFromPipeline)
            .Select(one => (Plain(one.ParameterType).GetElementType() ?? Plain(one.ParameterType)).FullName!).Distinct().ToArray();
        return taken.Length == 0 ? ["None"] : taken;
    }

    private static string Name(Type type) => Plain(type).IsArray ? $"{Plain(type).GetElementType()!.Name}[]" : Plain(type).Name;

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static XElement TypeName(string name) => new(Dev + "type", new XElement(Text + "name", name), new XElement(Text + "uri"));

    private static XElement Para(string text) => new(Text + "para", text);
}

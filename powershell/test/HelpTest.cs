using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;

namespace CloudSync.Test;

public sealed class HelpTest
{
    public static TheoryData<string> Cmdlets => ModuleTest.Cmdlets;

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void SaysWhatItDoesAndWhatEachParameterIsFor(string cmdlet)
    {
        using var shell = new Shell();
        var help = Assert.Single(shell.Run("Get-Help $args[0] -Full", cmdlet).Clean().Output);
        var synopsis = help.Properties["Synopsis"].Value.ToString()!.Trim();
        Assert.EndsWith(".", synopsis);
        Assert.DoesNotContain(cmdlet, synopsis.Split('.')[0]);
        var described = shell.Run(
            "foreach ($one in (Get-Help $args[0] -Full).parameters.parameter) { \"$($one.name)=$(-join $one.description.Text)\" }", cmdlet).Many<string>();
        var taken = shell.Run("(Get-Command $args[0]).Parameters.Keys", cmdlet).Many<string>()
            .Except(Cmdlet.CommonParameters).ToArray();
        Assert.Equal(taken.Order(StringComparer.Ordinal), described.Select(one => one.Split('=')[0]).Order(StringComparer.Ordinal));
        Assert.All(described, one => Assert.EndsWith(".", one));
    }

    /// <summary>Each example is parsed and bound by PowerShell itself: it names real parameters, and no set lacks one.</summary>
    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void ShowsEachWayToUseIt(string cmdlet)
    {
        using var shell = new Shell();
        var info = shell.Run("Get-Command $args[0]", cmdlet).One<CmdletInfo>();
        var examples = shell.Run("(Get-Help $args[0] -Full).examples.example | ForEach-Object { $_.code }", cmdlet).Many<string>();
        var shown = shell.Inside(() => examples.SelectMany(code => SetsOf(info, code)).ToHashSet());
        Assert.Empty(info.ParameterSets.Select(one => one.Name).Except(shown));
    }

    [Fact]
    public void HasATopicOfItsOwn()
    {
        var topic = File.ReadAllText(Path.Combine(Repository.Module, "en-US", "about_CloudSync.help.txt"));
        Assert.StartsWith("TOPIC\n    about_CloudSync\n", topic.ReplaceLineEndings("\n"));
        Assert.All(topic.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    /// <summary>The module's own errors are listed there, and the listed ones exist.</summary>
    [Fact]
    public void ListsTheModulesOwnErrors()
    {
        var topic = File.ReadAllText(Path.Combine(Repository.Module, "en-US", "about_CloudSync.help.txt"));
        var section = topic[topic.IndexOf("These errors are the module's own", StringComparison.Ordinal)..topic.IndexOf("SEE ALSO", StringComparison.Ordinal)];
        var listed = section.Split('\n').Skip(1).Select(line => line.Trim().Split(' ')[0]).Where(word => word.Length > 0);
        Assert.Equal(ModuleErrorTest.Codes.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    /// <summary>The parameter set that each call in an example uses.</summary>
    private static IEnumerable<string> SetsOf(CmdletInfo info, string code)
    {
        var script = Parser.ParseInput(code, out _, out var mistakes);
        Assert.Empty(mistakes.Select(one => $"{code}: {one.Message}"));
        foreach (var command in script.FindAll(one => one is CommandAst ast && ast.GetCommandName() == info.Name, true).Cast<CommandAst>())
        {
            var bound = StaticParameterBinder.BindCommand(command, true);
            var piped = PipedInto(command);
            // Which of several sets it is, the object that is piped decides.
            var problems = bound.BindingExceptions.Values.Select(one => one.BindingException).Where(one => piped is null || one.ErrorId != "AmbiguousParameterSet");
            Assert.Empty(problems.Select(one => $"{code}: {one.Message}"));
            var names = bound.BoundParameters.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
            yield return info.ParameterSets
                .Where(set => names.All(name => set.Parameters.Any(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase))))
                .Where(set => set.Parameters.Where(one => one.IsMandatory).All(one => names.Contains(one.Name) || (piped is not null && Takes(one, piped))))
                .OrderByDescending(set => piped is not null && set.Parameters.Any(one => TakesItself(one, piped)))
                .ThenByDescending(set => piped is not null && set.Parameters.Any(one => one.IsMandatory && !names.Contains(one.Name)))
                .ThenByDescending(set => set.IsDefault)
                .Select(set => set.Name)
                .FirstOrDefault() ?? throw new InvalidOperationException($"{code} is of no parameter set.");
        }
    }

    /// <summary>What comes down the pipeline to a command: of our own cmdlets their type, of others anything.</summary>
    private static Type? PipedInto(CommandAst command)
    {
        if (command.Parent is not PipelineAst { PipelineElements: var elements }) return null;
        var at = elements.IndexOf(command);
        if (at == 0) return null;
        var source = elements.Take(at).OfType<CommandAst>().Select(one => one.GetCommandName()).LastOrDefault(name => name?.Contains("-CloudSync", StringComparison.Ordinal) == true);
        return ModuleTest.OutputOf(source) ?? typeof(object);
    }

    private static bool Takes(CommandParameterInfo parameter, Type piped)
    {
        var byValue = parameter.ValueFromPipeline && (piped == typeof(object) || TakesItself(parameter, piped));
        var byName = parameter.ValueFromPipelineByPropertyName
            && (piped == typeof(object) || parameter.Aliases.Prepend(parameter.Name).Any(name => piped.GetProperty(name, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance) is not null));
        return byValue || byName;
    }

    private static bool TakesItself(CommandParameterInfo parameter, Type piped) =>
        parameter.ValueFromPipeline && (parameter.ParameterType.GetElementType() ?? parameter.ParameterType).IsAssignableFrom(piped);
}

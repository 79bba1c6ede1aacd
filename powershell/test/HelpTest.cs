using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

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

    private static IEnumerable<string> SetsOf(CmdletInfo info, string code)
    {
        var script = Parser.ParseInput(code, out _, out var problems);
        Assert.Empty(problems.Select(one => $"{code}: {one.Message}"));
        foreach (var command in script.FindAll(one => one is CommandAst ast && ast.GetCommandName() == info.Name, true).Cast<CommandAst>())
        {
            var bound = StaticParameterBinder.BindCommand(command, true);
            Assert.Empty(bound.BindingExceptions.Select(one => $"{code}: {one.Value.BindingException.Message}"));
            var names = bound.BoundParameters.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
            var piped = command.Parent is PipelineAst { PipelineElements: var elements } && elements.IndexOf(command) > 0;
            yield return info.ParameterSets
                .Where(set => names.All(name => set.Parameters.Any(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase))))
                .Where(set => set.Parameters.Where(one => one.IsMandatory).All(one =>
                    names.Contains(one.Name) || (piped && (one.ValueFromPipeline || one.ValueFromPipelineByPropertyName))))
                .OrderByDescending(set => set.IsDefault)
                .Select(set => set.Name)
                .FirstOrDefault() ?? throw new InvalidOperationException($"{code} is of no parameter set.");
        }
    }
}

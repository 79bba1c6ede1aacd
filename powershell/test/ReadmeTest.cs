using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace CloudSync.Test;

/// <summary>The tables say what does each job of the other modules, here or elsewhere.</summary>
public sealed partial class ReadmeTest
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "powershell", "README.md"));

    private static readonly string[][] Here = Rows("| job | with Entra Connect");

    private static readonly string[][] NotHere = Rows("| job | with those modules");

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+-CloudSync[A-Za-z]*\b")]
    private static partial Regex Ours();

    /// <summary>Of the modules that the tables are about.</summary>
    [GeneratedRegex(@"\b[A-Z][A-Za-z]+-(AAD|A[Dd]Sync|AzureAD|Mg)[A-Za-z0-9]+\b")]
    private static partial Regex Theirs();

    [Fact]
    public void SaysForEachOfOurCmdletsWhatJobItDoes()
    {
        Assert.Equal(ModuleTest.Names, Named(Ours(), Here.Select(row => row[2])));
        Assert.All(Ours().Matches(Text).Select(one => one.Value), one => Assert.Contains(one, ModuleTest.Names));
    }

    [Fact]
    public void SaysForEachOfTheirCmdletsWhatDoesItsJob() => Assert.Equal(
        File.ReadAllLines(Path.Combine(Repository.Root, "powershell", "test", "Data", "microsoft-cmdlets.txt")),
        Named(Theirs(), [.. Here.Select(row => row[1]), .. NotHere.Select(row => row[1])]));

    [Fact]
    public void SaysInEachRowWhatToDo() => Assert.All(Here.Concat(NotHere), row => Assert.All(row, column => Assert.NotEmpty(column)));

    private static string[] Named(Regex cmdlet, IEnumerable<string> columns) =>
        [.. columns.SelectMany(column => cmdlet.Matches(column)).Select(one => one.Value).Distinct().Order(StringComparer.Ordinal)];

    private static string[][] Rows(string header) =>
    [
        .. Text.Split('\n').SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Trim('|').Split('|').Select(column => column.Trim()).ToArray()),
    ];
}

using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Xml.Linq;

namespace CloudSync.Test;

public sealed class FormatTest
{
    private static readonly XDocument Format = XDocument.Load(Path.Combine(Repository.Module, "CloudSync.Format.ps1xml"));

    private static readonly Type[] Given =
    [
        .. typeof(Cycle).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes(typeof(OutputTypeAttribute), false)).Cast<OutputTypeAttribute>()
            .SelectMany(one => one.Type).Select(one => one.Type).Where(type => type.Assembly == typeof(Cycle).Assembly).Distinct(),
    ];

    [Fact]
    public void ShowsWhateverACmdletGivesAsATableAndAsAList() => Assert.All(Given, type =>
    {
        var views = Format.Descendants("View").Where(view => (string?)view.Descendants("TypeName").First() == type.FullName).ToArray();
        Assert.Contains(views, view => view.Element("TableControl") is not null);
        Assert.Contains(views, view => view.Element("ListControl") is not null);
    });

    /// <summary>A misspelt property would be an empty column.</summary>
    [Fact]
    public void NamesOnlyPropertiesThereAre() => Assert.All(Format.Descendants("View"), view =>
    {
        var type = typeof(Cycle).Assembly.GetType((string)view.Descendants("TypeName").First()!)!;
        Assert.NotNull(type);
        Assert.All(view.Descendants("PropertyName"), one => Assert.True(type.GetProperty((string)one!) is not null, $"{type.Name}.{(string)one!}"));
    });

    [Fact]
    public void NamesEachViewOnce() => Assert.Empty(Format.Descendants("View").GroupBy(view => (string?)view.Element("Name")).Where(one => one.Count() > 1).Select(one => one.Key));

    [Fact]
    public void FitsTheScriptsInItsViewsToPowerShell() => Assert.All(Format.Descendants("ScriptBlock"), one => ScriptBlock.Create((string)one!));
}

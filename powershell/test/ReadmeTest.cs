using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace CloudSync.Test;

public sealed partial class ReadmeTest
{
    [GeneratedRegex(@"\b[A-Z][A-Za-z]+-CloudSync[A-Za-z]*\b")]
    private static partial Regex Cmdlet();

    /// <summary>The table says what does each job, so its last column has every cmdlet, and none that there is not.</summary>
    [Fact]
    public void NamesEveryCmdletAndNoOther()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "powershell", "README.md"));
        var rows = text.Split('\n').SkipWhile(line => !line.StartsWith("| job |", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|')).ToArray();
        var named = Cmdlet().Matches(string.Join('\n', rows.Select(row => row.Split('|')[3]))).Select(one => one.Value).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(ModuleTest.Names, named);
        Assert.All(Cmdlet().Matches(text).Select(one => one.Value), one => Assert.Contains(one, ModuleTest.Names));
    }
}

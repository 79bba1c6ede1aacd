using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace CloudSync.Test;

public sealed partial class ReadmeTest
{
    [GeneratedRegex(@"\b[A-Z][A-Za-z]+-CloudSync[A-Za-z]*\b")]
    private static partial Regex Cmdlet();

    /// <summary>The table says what does each job, so it has every cmdlet, and none that there is not.</summary>
    [Fact]
    public void NamesEveryCmdletAndNoOther()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "powershell", "README.md"));
        var named = Cmdlet().Matches(text).Select(one => one.Value).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(ModuleTest.Names, named);
    }
}

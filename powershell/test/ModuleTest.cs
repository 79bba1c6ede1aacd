using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Reflection;

namespace CloudSync.Test;

public sealed class ModuleTest
{
    internal static CmdletAttribute[] Declared { get; } =
        [.. typeof(Cycle).Assembly.GetTypes().Select(type => type.GetCustomAttribute<CmdletAttribute>()).OfType<CmdletAttribute>()];

    internal static string[] Names { get; } = [.. Declared.Select(one => $"{one.VerbName}-{one.NounName}").Order(StringComparer.Ordinal)];

    public static TheoryData<string> Cmdlets => [.. Names];

    /// <summary>What one of our cmdlets gives first of all.</summary>
    internal static Type? OutputOf(string? cmdlet) => typeof(Cycle).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<CmdletAttribute>() is { } one && $"{one.VerbName}-{one.NounName}" == cmdlet)
        .Select(type => type.GetCustomAttribute<OutputTypeAttribute>()!.Type[0].Type).FirstOrDefault();

    [Fact]
    public void ExportsEveryCmdletOfTheDllAndNothingElse()
    {
        using var shell = new Shell();
        var exported = shell.Run("(Get-Command -Module CloudSync).Name").Many<string>();
        Assert.Equal(Declared.Select(one => $"{one.VerbName}-{one.NounName}").Order(StringComparer.Ordinal), exported.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void IsLoadedFromTheFolderThatShips() =>
        Assert.Equal(Path.Combine(Repository.Module, "CloudSync.dll"), typeof(Cycle).Assembly.Location);

    [Fact]
    public void HasAValidManifestForBothEditions()
    {
        using var shell = new Shell(import: false);
        var manifest = shell.Run("Test-ModuleManifest $args[0]", Repository.Manifest).One<PSModuleInfo>();
        Assert.Equal(["Desktop", "Core"], manifest.CompatiblePSEditions);
        Assert.Equal(new Version(5, 1), manifest.PowerShellVersion);
        Assert.Empty(manifest.ExportedFunctions);
        Assert.Empty(manifest.ExportedAliases);
        Assert.Empty(manifest.RequiredModules);
    }

    [Fact]
    public void BringsNoAssemblyButItsOwn() =>
        Assert.Equal(["CloudSync.dll"], Directory.GetFiles(Repository.Module, "*.dll", SearchOption.AllDirectories).Select(Path.GetFileName));

    [Fact]
    public void NeedsOfTheFrameworksOnlyWhatBothHave() =>
        Assert.Equal(
            ["System.Management.Automation", "netstandard"],
            typeof(Cycle).Assembly.GetReferencedAssemblies().Select(one => one.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void HasApprovedVerbs(string cmdlet)
    {
        using var shell = new Shell();
        var verbs = typeof(VerbsCommon).Assembly.GetTypes()
            .Where(type => type.IsPublic && type.Namespace == "System.Management.Automation" && type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(field => field.GetRawConstantValue());
        Assert.Contains(cmdlet.Split('-')[0], verbs);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void DeclaresWhatItGives(string cmdlet)
    {
        using var shell = new Shell();
        Assert.NotEmpty(shell.Run("Get-Command $args[0]", cmdlet).One<CmdletInfo>().OutputType);
    }

    /// <summary>What only looks or connects needs no -WhatIf; everything else has it.</summary>
    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void AsksBeforeItChanges(string cmdlet)
    {
        string[] looking = ["Compare", "Connect", "ConvertFrom", "ConvertTo", "Disconnect", "Get", "Show", "Test", "Wait"];
        using var shell = new Shell();
        var takes = shell.Run("(Get-Command $args[0]).Parameters.ContainsKey('WhatIf')", cmdlet).One<bool>();
        Assert.Equal(!looking.Contains(cmdlet.Split('-')[0]), takes);
    }
}

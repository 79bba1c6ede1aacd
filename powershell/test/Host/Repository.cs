using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace CloudSync.Test;

/// <summary>Where things are in the checkout.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "Root").Value!;

    /// <summary>The module as it ships.</summary>
    public static string Module => Path.Combine(Root, "build", "out", "CloudSync");

    public static string Manifest => Path.Combine(Module, "CloudSync.psd1");

    /// <summary>The types these tests name are those of the dll that ships: it is not copied here, and loaded from there once.</summary>
    [ModuleInitializer]
    internal static void LoadModule()
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "CloudSync" ? context.LoadFromAssemblyPath(Path.Combine(Module, "CloudSync.dll")) : null;
    }
}

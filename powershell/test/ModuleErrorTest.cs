using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace CloudSync.Test;

public sealed class ModuleErrorTest
{
    /// <summary>The module's own: those of the table that do not borrow a code of the daemon's, and the one that has no report.</summary>
    internal static IReadOnlyList<string> Codes { get; } =
        [.. Reports().Select(one => one.Code).Where(code => !code.StartsWith("CS", StringComparison.Ordinal)), "AnswerNotUnderstood"];

    public static TheoryData<string> Names => [.. Codes];

    [Fact]
    public void NamesTheThingAndSaysWhatToDo() => Assert.All(Reports(), report =>
    {
        Assert.NotEmpty(report.Title);
        Assert.NotEmpty(report.Message);
        Assert.EndsWith(".", report.Remedy);
    });

    private static IEnumerable<ErrorReport> Reports() =>
        typeof(ModuleErrors).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method =>
            (ErrorReport)method.Invoke(null, [.. method.GetParameters().Select(one => Sample(one.ParameterType))])!);

    private static object Sample(Type type)
    {
        if (type == typeof(string)) return "sample";
        if (type == typeof(long)) return 7L;
        if (type == typeof(int)) return 7;
        if (type == typeof(Uri)) return new Uri("http://sample.test/");
        if (type == typeof(TimeSpan)) return TimeSpan.FromSeconds(1);
        if (type == typeof(Cycle)) return new Cycle(JsonObject.Parse("""{"id":1,"type":"delta","state":"running","startedAt":"2026-01-01T00:00:00Z"}"""));
        throw new NotSupportedException(type.Name);
    }
}

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudSync.Test;

/// <summary>Our reader against the framework's own, which the module cannot use on both editions.</summary>
public sealed class JsonTest
{
    public static TheoryData<string> Texts =>
    [
        "null", "true", "false", "0", "-0", "12", "-7", "1.5", "1e3", "1E+2", "-2.5e-3", "9223372036854775807", "9223372036854775808",
        "\"\"", "\"a\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u00e4\\ud83d\\ude00\"", "\"😀ä\"", "[]", "[ ]", "[1,2]", "[[],{}]", "{}", "{ \"a\" : 1 }",
        "{\"a\":{\"b\":[1,null,\"c\"]}}", " \t\r\n1 ", "\"Ω\\u2028\"",
    ];

    public static TheoryData<string> NoTexts =>
    [
        "", " ", "nul", "tru", "nullx", "01", "-", "1.", ".5", "1e", "+1", "NaN", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "'a'", "[", "[1", "[1,]", "[,1]",
        "[1 2]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}", "1 2", "]", "}", "\"\\u-123\"", "\"\\u 123\"", "\u00a01",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void ReadsWhatIsJson(string text) => Assert.Equal(Plain(JsonNode.Parse(text)), Plain(JsonReader.Parse(text)));

    [Theory]
    [MemberData(nameof(NoTexts))]
    public void RefusesWhatIsNot(string text)
    {
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(text));
        Assert.Throws<FormatException>(() => JsonReader.Parse(text));
    }

    [Fact]
    public void RefusesNestingThatWouldEndTheStack() =>
        Assert.Throws<FormatException>(() => JsonReader.Parse(new string('[', 100_000) + new string(']', 100_000)));

    [Fact]
    public void AgreesWithTheFrameworkOnWhateverIsThrownAtIt()
    {
        var random = new Random(7);
        const string Alphabet = "{}[]\",:\\u0123eE+-. \ntrufalsn";
        var read = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = i % 2 == 0 ? Any(random, 3) : string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            if (i % 4 == 0 && text.Length > 1) text = text.Remove(random.Next(text.Length), 1);
            var (expected, is1) = Try(() => Plain(JsonNode.Parse(text)));
            var (actual, is2) = Try(() => Plain(JsonReader.Parse(text)));
            Assert.True(is1 == is2 && expected == actual, $"{text}\n{expected}\n{actual}");
            if (is2) read++;
        }
        Assert.InRange(read, 5_000, 47_000);
    }

    [Fact]
    public void WritesWhatTheFrameworkReadsBack()
    {
        var value = new Dictionary<string, object?>
        {
            ["text"] = "a \"quoted\" \\ \n \u0001 ä 😀 \ud83d",
            ["numbers"] = new object[] { 1, -2L, 0.1, 1e300, 3.5f, 12.5m },
            ["none"] = null,
            ["truth"] = true,
            ["empty"] = new Hashtable(),
            ["word"] = CycleType.Full,
            ["time"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        };
        var text = JsonWriter.Write(value);
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        Assert.Equal([1, -2, 0.1, 1e300, 3.5, 12.5], root.GetProperty("numbers").EnumerateArray().Select(one => one.GetDouble()));
        Assert.Equal("2026-01-02T03:04:05.000Z", root.GetProperty("time").GetString());
        Assert.Equal(JsonObject.Parse(text).Text("text"), value["text"]);
        Assert.Equal("Full", root.GetProperty("word").GetString());
        Assert.Throws<FormatException>(() => JsonWriter.Write(double.NaN));
        Assert.Throws<FormatException>(() => JsonWriter.Write(new object()));
    }

    private static (string? Value, bool Read) Try(Func<string> work)
    {
        try
        {
            return (work(), true);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            return (null, false);
        }
    }

    private static string Any(Random random, int depth) => random.Next(depth == 0 ? 5 : 7) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => random.Next(-1000, 1000).ToString(),
        3 => (random.NextDouble() * 1000).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        4 => JsonSerializer.Serialize(new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => (char)random.Next(0x20, 0x300))])),
        5 => $"[{string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => Any(random, depth - 1)))}]",
        _ => $"{{{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(i => $"\"k{i}\" :{Any(random, depth - 1)}"))}}}",
    };

    /// <summary>One text for equal values, whoever read them.</summary>
    private static string Plain(object? value) => value switch
    {
        null => "null",
        JsonObject members => $"{{{string.Join(",", members.Select(one => $"{Plain(one.Key)}:{Plain(one.Value)}"))}}}",
        List<object?> items => $"[{string.Join(",", items.Select(Plain))}]",
        System.Text.Json.Nodes.JsonObject members => $"{{{string.Join(",", members.Select(one => $"{Plain(one.Key)}:{Plain(one.Value)}"))}}}",
        JsonArray items => $"[{string.Join(",", items.Select(Plain))}]",
        JsonValue leaf => leaf.GetValueKind() switch
        {
            JsonValueKind.String => Plain(leaf.GetValue<string>()),
            // A whole number has no negative zero.
            JsonValueKind.Number => Plain(leaf.GetValue<double>() + 0.0),
            JsonValueKind.True => "true",
            _ => "false",
        },
        string text => string.Concat(Encoding.Unicode.GetBytes(text).Select(one => one.ToString("x2"))) + "\"",
        bool truth => truth ? "true" : "false",
        _ => (Convert.ToDouble(value) + 0.0).ToString("R"),
    };
}

using System;
using System.Collections;
using System.Globalization;
using System.Text;

namespace CloudSync;

/// <summary>Writes what requests are made of: null, text, truth, numbers, lists and dictionaries by name.</summary>
internal static class JsonWriter
{
    public static string Write(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case string or Enum or char or Guid:
                WriteText(text, value.ToString()!);
                break;
            case DateTime time:
                WriteText(text, time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
                break;
            case double or float when double.IsNaN(Convert.ToDouble(value)) || double.IsInfinity(Convert.ToDouble(value)):
                throw new FormatException($"JSON has no number {value}.");
            case double or float:
                text.Append(((IFormattable)value).ToString("R", CultureInfo.InvariantCulture));
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or decimal:
                text.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case IDictionary members:
                WriteMembers(text, members);
                break;
            case IEnumerable items:
                WriteItems(text, items);
                break;
            default:
                throw new FormatException($"A {value.GetType()} cannot be sent as JSON.");
        }
    }

    private static void WriteMembers(StringBuilder text, IDictionary members)
    {
        var separator = '{';
        foreach (DictionaryEntry member in members)
        {
            text.Append(separator);
            WriteText(text, Convert.ToString(member.Key, CultureInfo.InvariantCulture) ?? "");
            text.Append(':');
            Write(text, member.Value);
            separator = ',';
        }
        text.Append(separator == '{' ? "{}" : "}");
    }

    private static void WriteItems(StringBuilder text, IEnumerable items)
    {
        var separator = '[';
        foreach (var item in items)
        {
            text.Append(separator);
            Write(text, item);
            separator = ',';
        }
        text.Append(separator == '[' ? "[]" : "]");
    }

    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var one in value)
        {
            if (one is '"' or '\\') text.Append('\\').Append(one);
            else if (one < ' ' || char.IsSurrogate(one)) text.Append("\\u").Append(((int)one).ToString("x4", CultureInfo.InvariantCulture));
            else text.Append(one);
        }
        text.Append('"');
    }
}

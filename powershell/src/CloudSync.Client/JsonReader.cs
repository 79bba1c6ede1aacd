using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace CloudSync;

/// <summary>
/// Reads JSON (RFC 8259) into <see cref="JsonObject"/>, <see cref="List{T}"/>, string, long, double, bool and null.
/// Our own because the two frameworks share no other: System.Text.Json is a package on .NET Framework, whose copy
/// could clash with another module's, and the serializer both have cannot read values of unknown shape.
/// </summary>
internal sealed class JsonReader
{
    private const int DeepestNesting = 100;

    private readonly string _text;
    private int _at;
    private int _depth;

    private JsonReader(string text) => _text = text;

    /// <exception cref="FormatException">It is not JSON.</exception>
    public static object? Parse(string text)
    {
        var reader = new JsonReader(text);
        var value = reader.Value();
        reader.Blank();
        return reader._at == text.Length ? value : throw reader.Unexpected();
    }

    private object? Value()
    {
        Blank();
        switch (Peek())
        {
            case '{': return Nested(Object);
            case '[': return Nested(Array);
            case '"': return String();
            case 't': return Word("true", true);
            case 'f': return Word("false", false);
            case 'n': return Word("null", null);
            default: return Number();
        }
    }

    private object Nested(Func<object> read)
    {
        if (++_depth > DeepestNesting) throw new FormatException($"JSON is nested deeper than {DeepestNesting} levels.");
        _at++;
        var value = read();
        _depth--;
        return value;
    }

    private JsonObject Object()
    {
        var members = new JsonObject();
        if (Took('}')) return members;
        do
        {
            Blank();
            var name = String();
            Take(':');
            members[name] = Value();
        }
        while (Took(','));
        Take('}');
        return members;
    }

    private List<object?> Array()
    {
        var items = new List<object?>();
        if (Took(']')) return items;
        do items.Add(Value());
        while (Took(','));
        Take(']');
        return items;
    }

    private string String()
    {
        if (Peek() != '"') throw Unexpected();
        var start = ++_at;
        while (Peek() is not ('"' or '\\')) PassPrintable();
        if (Peek() == '"') return _text.Substring(start, _at++ - start);
        var text = new StringBuilder(_text, start, _at - start, Math.Max(16, 2 * (_at - start)));
        for (; ; )
        {
            var one = Peek();
            PassPrintable();
            if (one == '"') return text.ToString();
            text.Append(one == '\\' ? Escaped() : one);
        }
    }

    private void PassPrintable()
    {
        if (Peek() < ' ') throw Unexpected();
        _at++;
    }

    private char Escaped()
    {
        var one = Peek();
        _at++;
        switch (one)
        {
            case '"' or '\\' or '/': return one;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u':
                if (_at + 4 <= _text.Length
                    && ushort.TryParse(_text.Substring(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
                {
                    _at += 4;
                    return (char)unit;
                }
                break;
        }
        _at--;
        throw Unexpected();
    }

    private object Number()
    {
        var start = _at;
        var whole = true;
        if (Here() == '-') _at++;
        if (Here() == '0') _at++;
        else Digits();
        if (Here() == '.')
        {
            whole = false;
            _at++;
            Digits();
        }
        if (Here() is 'e' or 'E')
        {
            whole = false;
            _at++;
            if (Here() is '+' or '-') _at++;
            Digits();
        }
        var text = _text.Substring(start, _at - start);
        return whole && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? integer
            : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private void Digits()
    {
        var start = _at;
        while (Here() is >= '0' and <= '9') _at++;
        if (_at == start) throw Unexpected();
    }

    private object? Word(string word, object? value)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) throw Unexpected();
        _at += word.Length;
        return value;
    }

    private void Blank()
    {
        while (Here() is ' ' or '\t' or '\r' or '\n') _at++;
    }

    private bool Took(char wanted)
    {
        Blank();
        if (Here() != wanted) return false;
        _at++;
        return true;
    }

    private void Take(char wanted)
    {
        if (!Took(wanted)) throw Unexpected();
    }

    /// <summary>The character here; a NUL at the end, which no rule of the grammar takes.</summary>
    private char Here() => _at < _text.Length ? _text[_at] : '\0';

    private char Peek() => _at < _text.Length ? _text[_at] : throw new FormatException("The JSON ends too early.");

    private FormatException Unexpected() =>
        new(_at < _text.Length ? $"'{_text[_at]}' at {_at} is no JSON." : "The JSON ends too early.");
}

using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

/// <summary>One server-sent event.</summary>
internal readonly struct ServerEvent(string name, string data)
{
    public string Name { get; } = name;

    public string Data { get; } = data;
}

/// <summary>Reads server-sent events one by one. Cancelling closes the stream: on .NET Framework nothing else ends a read.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;
    private readonly CancellationTokenRegistration _closed;
    private readonly CancellationToken _cancel;

    private EventStream(HttpResponseMessage response, Stream stream, CancellationToken cancel)
    {
        _response = response;
        _reader = new StreamReader(stream, Encoding.UTF8);
        _cancel = cancel;
        _closed = cancel.Register(response.Dispose);
    }

    public static async Task<EventStream> Open(Transport transport, string path, CancellationToken cancel)
    {
        var response = await transport.Send(HttpMethod.Get, path, null, "text/event-stream", cancel).ConfigureAwait(false);
        try
        {
            return new EventStream(response, await response.Content.ReadAsStreamAsync().ConfigureAwait(false), cancel);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The next event; null once the daemon has ended the stream, or is gone.</summary>
    public async Task<ServerEvent?> Next()
    {
        var name = "message";
        var data = new StringBuilder();
        for (; ; )
        {
            var line = await Line().ConfigureAwait(false);
            if (line is null) return null;
            if (line.Length == 0)
            {
                if (data.Length > 0) return new ServerEvent(name, data.ToString());
                name = "message";
            }
            else if (Field(line, "event") is { } word) name = word;
            else if (Field(line, "data") is { } text) data.Append(data.Length > 0 ? "\n" : "").Append(text);
        }
    }

    public void Dispose()
    {
        _closed.Dispose();
        _reader.Dispose();
        _response.Dispose();
    }

    private async Task<string?> Line()
    {
        try
        {
            var line = await _reader.ReadLineAsync().ConfigureAwait(false);
            _cancel.ThrowIfCancellationRequested();
            return line;
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException or HttpRequestException or WebException)
        {
            _cancel.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static string? Field(string line, string name)
    {
        if (!line.StartsWith(name + ":", StringComparison.Ordinal)) return null;
        var value = line.Substring(name.Length + 1);
        return value.StartsWith(" ", StringComparison.Ordinal) ? value.Substring(1) : value;
    }
}

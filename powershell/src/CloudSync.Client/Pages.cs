using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

/// <summary>A list of the daemon's, read page by page as it is asked for more: no list is ever held as a whole.</summary>
internal sealed class Pages<T>(DaemonClient daemon, string path, int pageSize, Func<JsonObject, T> read)
{
    private string? _cursor;

    public bool Ended { get; private set; }

    public async Task<IReadOnlyList<T>> Next(CancellationToken cancel)
    {
        var separator = path.IndexOf('?') < 0 ? '?' : '&';
        var cursor = _cursor is null ? "" : $"&cursor={Uri.EscapeDataString(_cursor)}";
        var page = await daemon.Get($"{path}{separator}limit={pageSize}{cursor}", cancel).ConfigureAwait(false);
        _cursor = page.TextOrNull("next");
        Ended = _cursor is null;
        return page.List("items", read);
    }
}

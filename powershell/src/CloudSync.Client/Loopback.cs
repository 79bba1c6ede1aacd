using System;
using System.Net;

namespace CloudSync;

/// <summary>The daemon listens on loopback; anything else at the far end would be handed the token.</summary>
internal static class Loopback
{
    /// <exception cref="CloudSyncException">It names another machine, or no HTTP address at all.</exception>
    public static Uri Check(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https")) throw new CloudSyncException(ModuleErrors.NotAnAddress(address));
        // By name only localhost: what a resolver says of another name can change between two requests.
        var local = address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
        if (!local) throw new CloudSyncException(ModuleErrors.NotLoopback(address));
        return new Uri(address.GetLeftPart(UriPartial.Authority) + "/", UriKind.Absolute);
    }
}

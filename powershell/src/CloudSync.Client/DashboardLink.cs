using System;

namespace CloudSync;

/// <summary>A link that opens the dashboard, once and for a short time.</summary>
public sealed class DashboardLink
{
    internal DashboardLink(JsonObject json)
    {
        Uri = new Uri(json.Text("url"));
        ExpiresAt = json.TimeOrNull("expiresAt");
    }

    public Uri Uri { get; }

    public DateTime? ExpiresAt { get; }

    public override string ToString() => Uri.ToString();
}

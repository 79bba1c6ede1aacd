using System;

namespace CloudSync;

/// <summary>A secret of the daemon's vault, without the secret: a configuration refers to it as <c>{ vault: NAME }</c>.</summary>
public sealed class StoredSecret
{
    internal StoredSecret(JsonObject json)
    {
        Name = json.Text("name");
        SetAt = json.Time("at");
    }

    public string Name { get; }

    public DateTime SetAt { get; }

    public override string ToString() => Name;
}

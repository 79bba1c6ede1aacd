using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Security;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

internal sealed partial class DaemonClient
{
    public async Task<IReadOnlyList<StoredSecret>> Secrets(CancellationToken cancel) =>
        (await Get("secrets", cancel).ConfigureAwait(false)).List("items", json => new StoredSecret(json));

    public async Task<StoredSecret> SetSecret(string name, SecureString secret, CancellationToken cancel) =>
        new(await Put($"secrets/{Uri.EscapeDataString(name)}", Body(("value", AccessToken.FromSecret(secret).Read())), cancel).ConfigureAwait(false));

    public Task<JsonObject> RemoveSecret(string name, CancellationToken cancel) =>
        transport.Json(HttpMethod.Delete, Api($"secrets/{Uri.EscapeDataString(name)}"), null, cancel);
}

using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync;

/// <summary>
/// HTTP to one daemon: its token on each request, its problem documents as <see cref="CloudSyncException"/>. Speaks to
/// loopback addresses alone and follows neither proxies nor redirects, so the token cannot leave the machine.
/// </summary>
internal sealed class Transport : IDisposable
{
    /// <summary>Who asks, for the daemon's log.</summary>
    private static readonly string Actor = new([.. Environment.UserName.Where(one => one is >= ' ' and <= '~').Take(200)]);

    private readonly HttpClient _http;
    private readonly AccessToken _token;

    public Transport(Uri address, AccessToken token)
    {
        Address = Loopback.Check(address);
        _token = token;
        var handler = new HttpClientHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        // How long an answer may take is the caller's to say, by its cancellation token: a plan can take minutes.
        _http = new HttpClient(handler) { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public Uri Address { get; }

    public async Task<JsonObject> Json(HttpMethod method, string path, object? body, CancellationToken cancel, params (string Name, string Value)[] headers)
    {
        using var response = await Send(method, path, body, "application/json", cancel, headers).ConfigureAwait(false);
        var text = await Text(response, cancel).ConfigureAwait(false);
        try
        {
            return JsonObject.Parse(text);
        }
        catch (FormatException cause)
        {
            throw new CloudSyncException(ModuleErrors.NotCloudSync(Address, cause.Message), (int)response.StatusCode, cause);
        }
    }

    /// <summary>Sends, and gives the answer once its head is there; a refusal becomes an exception.</summary>
    public async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, object? body, string accept, CancellationToken cancel, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token.Read());
        request.Headers.Accept.ParseAdd(accept);
        request.Headers.Accept.ParseAdd("application/problem+json");
        request.Headers.TryAddWithoutValidation("CloudSync-Actor", Actor);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        // .NET Framework would wait for "100 Continue" before it sends a body.
        request.Headers.ExpectContinue = false;
        if (body is not null) request.Content = new StringContent(JsonWriter.Write(body), Encoding.UTF8, "application/json");
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is HttpRequestException or WebException)
        {
            throw new CloudSyncException(ModuleErrors.Unreachable(Address, Innermost(cause)), 0, cause);
        }
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await Problem(response, cancel).ConfigureAwait(false);
    }

    public void Dispose() => _http.Dispose();

    private async Task<CloudSyncException> Problem(HttpResponseMessage response, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        try
        {
            return new CloudSyncException(new ErrorReport(JsonObject.Parse(await Text(response, cancel).ConfigureAwait(false))), status);
        }
        catch (FormatException cause)
        {
            return new CloudSyncException(ModuleErrors.NotCloudSync(Address, $"It answered {status} {response.ReasonPhrase}."), status, cause);
        }
    }

    /// <summary>The whole answer. Neither framework's own reader can be cancelled on both, a closed stream ends on both.</summary>
    private async Task<string> Text(HttpResponseMessage response, CancellationToken cancel)
    {
        using var closed = cancel.Register(response.Dispose);
        try
        {
            return await response.Content.ReadAsStringAsync().ConfigureAwait(false);
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (Exception cause) when (cause is HttpRequestException or WebException or IOException or ObjectDisposedException)
        {
            throw new CloudSyncException(ModuleErrors.Unreachable(Address, Innermost(cause)), 0, cause);
        }
    }

    private static string Innermost(Exception cause) => cause.GetBaseException().Message;
}

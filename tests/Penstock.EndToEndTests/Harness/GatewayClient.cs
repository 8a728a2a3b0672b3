using System.Net.Http.Headers;
using System.Text;

namespace Penstock.EndToEndTests.Harness;

/// <summary>A caller with one key over plain HTTP; the body goes out exactly as given.</summary>
internal sealed class GatewayClient(HttpClient http, string? secret)
{
    public const string ChatPath = "/v1/chat/completions";

    public Task<Answer> ChatAsync(string body, params (string Name, string Value)[] headers) =>
        ChatAsync(Encoding.UTF8.GetBytes(body), headers);

    public Task<Answer> ChatAsync(byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, ChatPath, body, headers);

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        byte[]? body,
        params (string Name, string Value)[] headers
    )
    {
        using var request = Request(method, path, body, headers);
        using var response = await http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answer((int)response.StatusCode, response.Headers, response.Content.Headers, bytes);
    }

    /// <summary>Returns when the head is there; the caller reads on, or disposes it and so disconnects.</summary>
    public async Task<OpenStream> OpenAsync(string body)
    {
        using var request = Request(HttpMethod.Post, ChatPath, Encoding.UTF8.GetBytes(body), []);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new OpenStream(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The same for a caller with an id of their own, who may hang up whenever they like.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string body, string id, CancellationToken hangUp)
    {
        using var request = Request(
            HttpMethod.Post,
            ChatPath,
            Encoding.UTF8.GetBytes(body),
            [("X-Client-Request-Id", id)]
        );
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, hangUp);
    }

    private HttpRequestMessage Request(
        HttpMethod method,
        string path,
        byte[]? body,
        (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, path);
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {secret}");
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.Remove(name);
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }
}

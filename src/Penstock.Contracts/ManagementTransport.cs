using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Penstock.Contracts;

/// <summary>One call of the management API: request out, answer or <see cref="ManagementException"/> back.</summary>
internal sealed class ManagementTransport(HttpClient http, Uri server, string token)
{
    public const string JsonType = "application/json";
    public const string YamlType = "application/yaml";

    /// <summary>A server behind a path of a reverse proxy keeps that path.</summary>
    private readonly Uri _root = new(server.AbsoluteUri.TrimEnd('/') + "/");

    public static HttpContent Json<T>(T body, JsonTypeInfo<T> type) =>
        new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type))
        {
            Headers = { ContentType = new MediaTypeHeaderValue(JsonType) },
        };

    public static HttpContent Document(string text, string mediaType) =>
        new StringContent(text, Encoding.UTF8, mediaType);

    public async Task<Tagged<T>> SendAsync<T>(
        HttpMethod method,
        string route,
        HttpContent? body,
        string? ifMatch,
        JsonTypeInfo<T> answer,
        CancellationToken cancel
    )
    {
        using var response = await ExchangeAsync(method, route, body, ifMatch, cancel);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancel);
        try
        {
            var value = JsonSerializer.Deserialize(bytes, answer);
            return value is null
                ? throw ForeignAnswer.Of(response)
                : new Tagged<T>(value, response.Headers.ETag?.ToString());
        }
        catch (JsonException)
        {
            throw ForeignAnswer.Of(response);
        }
    }

    public async Task SendAsync(HttpMethod method, string route, string? ifMatch, CancellationToken cancel)
    {
        using var response = await ExchangeAsync(method, route, null, ifMatch, cancel);
    }

    /// <summary>A document: the server chooses its form by <c>Accept</c>, and one without JSON does not pass for it.</summary>
    public async Task<string> ReadTextAsync(string route, string mediaType, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, route);
        request.Headers.Accept.ParseAdd(mediaType);
        using var response = await ExchangeAsync(request, cancel);
        var answered = response.Content.Headers.ContentType?.MediaType ?? "";
        var fits = mediaType == JsonType ? answered == JsonType : answered.Contains("yaml", StringComparison.Ordinal);
        return fits ? await response.Content.ReadAsStringAsync(cancel) : throw ForeignAnswer.Of(response);
    }

    private HttpRequestMessage Request(HttpMethod method, string route)
    {
        var request = new HttpRequestMessage(method, new Uri(_root, route.TrimStart('/')));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private async Task<HttpResponseMessage> ExchangeAsync(
        HttpMethod method,
        string route,
        HttpContent? body,
        string? ifMatch,
        CancellationToken cancel
    )
    {
        using var request = Request(method, route);
        request.Content = body;
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await ExchangeAsync(request, cancel);
    }

    private async Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var response = await SendInTimeAsync(request, cancel);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusalAsync(response, cancel);
        }
    }

    private async Task<HttpResponseMessage> SendInTimeAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await http.SendAsync(request, cancel);
        }
        catch (TaskCanceledException e) when (e.InnerException is TimeoutException && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer from {server} within {Duration.Format(http.Timeout)}.", e);
        }
    }

    private static async Task<ManagementException> RefusalAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancel);
        try
        {
            var envelope = JsonSerializer.Deserialize(bytes, ContractsJson.Default.ErrorEnvelope);
            return envelope?.Error is { Message: not null } error
                ? new ManagementException((int)response.StatusCode, error)
                : ForeignAnswer.Of(response);
        }
        catch (JsonException)
        {
            return ForeignAnswer.Of(response);
        }
    }
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Penstock.Tests.Inference;

/// <summary>A request with a key, and the answer as its caller has it.</summary>
internal sealed record IdempotentCall(int Status, string Body, HttpResponseHeaders Headers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public bool IsReplayed => Headers.TryGetValues("Idempotency-Replayed", out var values) && values.Single() == "true";

    public string RequestId => Header("X-Request-Id");

    public string Code
    {
        get
        {
            // A stream that was under way has the error in its last event.
            var json = Body.Contains("data: ", StringComparison.Ordinal) ? Body.Split("data: ")[^1] : Body;
            return JsonDocument.Parse(json).RootElement.GetProperty("error").GetProperty("code").GetString()!;
        }
    }

    public string Header(string name) => Headers.GetValues(name).Single();

    public static string Chat(bool stream, string content = "hi") =>
        $$"""{"model":"m","max_tokens":60000,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{content}}"}]}""";

    public static async Task<IdempotentCall> SendAsync(
        GatewayInProcess gateway,
        string body,
        CancellationToken? hangUp = null,
        params string[] keys
    )
    {
        using var answer = await OpenAsync(gateway, body, hangUp, keys.Length == 0 ? ["key"] : keys);
        return await ReadAsync(answer, hangUp);
    }

    /// <summary>Returns when the head is there.</summary>
    public static Task<HttpResponseMessage> OpenAsync(
        GatewayInProcess gateway,
        string body,
        CancellationToken? hangUp,
        params string[] keys
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var key in keys.Length == 0 ? ["key"] : keys)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        var until = CancellationTokenSource.CreateLinkedTokenSource(hangUp ?? default, Stop);
        return gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, until.Token);
    }

    public static async Task<IdempotentCall> ReadAsync(HttpResponseMessage answer, CancellationToken? hangUp = null)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(hangUp ?? default, Stop);
        var body = await answer.Content.ReadAsStringAsync(until.Token);
        return new IdempotentCall((int)answer.StatusCode, body, answer.Headers);
    }
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>A simulator on a free port and an HTTP client for it.</summary>
internal sealed class SimulatorClient : IAsyncDisposable
{
    public const string ChatPath = "/v1/chat/completions";

    public SimulatorClient(SimulatorOptions? options = null)
    {
        Server = SimulatorServer.Start(options ?? new SimulatorOptions());
        Http = new HttpClient { BaseAddress = Server.Url };
    }

    public SimulatorServer Server { get; }

    public HttpClient Http { get; }

    /// <summary>A request for one user message, with more fields as a JSON fragment such as <c>"n":2</c>.</summary>
    public static string Body(string text = "hello", string more = "") =>
        $$"""{"model":"demo","messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]{{(more.Length > 0 ? "," : "")}}{{more}}}""";

    public static HttpContent Content(string body) =>
        new ByteArrayContent(Encoding.UTF8.GetBytes(body))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };

    public Task<HttpResponseMessage> PostAsync(string body) =>
        Http.PostAsync(ChatPath, Content(body), TestContext.Current.CancellationToken);

    public async Task<JsonNode> JsonAsync(string body)
    {
        using var response = await PostAsync(body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>The error object and the status.</summary>
    public async Task<(int Status, JsonNode Error)> RefusalAsync(string body)
    {
        using var response = await PostAsync(body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.False(response.IsSuccessStatusCode, text);
        return ((int)response.StatusCode, JsonNode.Parse(text)!["error"]!);
    }

    public async Task<string> StreamTextAsync(string body)
    {
        using var response = await PostAsync(body);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The events before [DONE], which must be there.</summary>
    public async Task<IReadOnlyList<JsonNode>> StreamAsync(string body)
    {
        var data = Data(await StreamTextAsync(body));
        Assert.Equal("[DONE]", data[^1]);
        return [.. data.SkipLast(1).Select(d => JsonNode.Parse(d)!)];
    }

    public static IReadOnlyList<string> Data(string stream) =>
        [
            .. stream
                .Split('\n')
                .Where(l => l.StartsWith("data: ", StringComparison.Ordinal))
                .Select(l => l["data: ".Length..]),
        ];

    /// <summary>The content of one choice, put together from its deltas.</summary>
    public static string Text(IEnumerable<JsonNode> events, int choice = 0) =>
        string.Concat(Choices(events, choice).Select(c => c["delta"]!["content"]?.GetValue<string>()));

    public static IEnumerable<JsonNode> Choices(IEnumerable<JsonNode> events, int choice = 0) =>
        events
            .SelectMany(e => e["choices"]!.AsArray())
            .Select(c => c!)
            .Where(c => c["index"]!.GetValue<int>() == choice);

    /// <summary>For what happens on the server's side a moment after the client's: bounded, and no moment is asserted.</summary>
    public static async Task EventuallyAsync(Func<bool> holds)
    {
        for (var tries = 0; tries < 2000 && !holds(); tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.True(holds());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}

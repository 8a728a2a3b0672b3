using System.Text;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Contract;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Engines;

/// <summary>
/// A stream is what it says, not how it was cut into writes: what each dialect sends is recorded once, and played again
/// in pieces cut anywhere, inside a character, a line end or a chunk size.
/// </summary>
public sealed class CutStreamTests : IAsyncLifetime
{
    /// <summary>As many ways of cutting as a run of the suite has time for.</summary>
    private const int Ways = 12;

    private static readonly string[] Prompts =
    [
        "grüße 模型 🦙",
        "x [[sim crlf]]",
        "x [[sim comment]]",
        "x [[sim no-done]]",
        "x [[sim error-event=4]]",
        "x [[sim no-finish]]",
    ];

    private const string Well = """
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}

        data: [DONE]


        """;

    private readonly RecordingEngine _player = new();
    private GatewayProcess _gateway = null!;

    public static TheoryData<string> Dialects => [.. SimulatedEngine.All.Select(engine => engine.Dialect)];

    public async ValueTask InitializeAsync()
    {
        var declaration = new Declaration().Tenant("acme");
        foreach (var (dialect, backend) in SimulatedEngine.All)
        {
            declaration.Deployment(
                "*",
                dialect,
                SimulatedEngine.UpstreamModel,
                _player.Url,
                deployment =>
                {
                    deployment["backend"] = backend;
                    deployment["continuity"] = "off"; // a stream that breaks is to end as it ends
                    deployment["retry"] = new JsonObject { ["attempts"] = 1 };
                }
            );
        }

        _gateway = await GatewayProcess.StartAsync(declaration);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _player.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Any_way_of_cutting_a_stream_gives_the_caller_the_same_bytes_usage_and_ending(string dialect)
    {
        await using var simulator = await SimulatorProcess.StartAsync("--dialect", dialect, "--tokens", "12");
        foreach (var prompt in Prompts)
        {
            var recorded = await RecordAsync(simulator, dialect, prompt);
            var whole = await PlayAsync(dialect, EngineScripts.Stream(Encoding.UTF8.GetString(recorded)));
            Assert.Contains("data: ", whole, StringComparison.Ordinal);
            for (var seed = 1; seed <= Ways; seed++)
            {
                var framing = Scatter.Framings[seed % Scatter.Framings.Length];
                var played = await PlayAsync(dialect, Scatter.Answer(recorded, "text/event-stream", framing, seed));

                Assert.True(
                    whole == played,
                    $"{dialect}, \"{prompt}\", {framing}, seed {seed}:\n{played}\ninstead of\n{whole}"
                );
            }
        }
    }

    private async Task<string> PlayAsync(string dialect, Func<EngineExchange, Task> script)
    {
        // An engine whose streams break again and again is not asked any more: two that do not come before each.
        _player.Script = EngineScripts.Stream(Well);
        for (var i = 0; i < 2; i++)
        {
            (await _gateway.As("acme").ChatAsync(ChatBody.StreamWithUsage(dialect))).Expect(200);
        }

        _player.Script = script;
        return (await _gateway.As("acme").ChatAsync(ChatBody.StreamWithUsage(dialect))).Expect(200).Text;
    }

    /// <summary>The body as the engine itself sends it, a broken one as far as it goes.</summary>
    private static async Task<byte[]> RecordAsync(SimulatorProcess simulator, string dialect, string prompt)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            simulator.Url + (dialect == "runpod-queue" ? "/v2/abc/openai" : "") + "/v1/chat/completions"
        )
        {
            Content = new StringContent(
                ChatBody
                    .StreamWithUsage(SimulatedEngine.UpstreamModel)
                    .Replace("\"Hi\"", $"\"{prompt}\"", StringComparison.Ordinal),
                Encoding.UTF8,
                "application/json"
            ),
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        using var recorded = new MemoryStream();
        var block = new byte[4096];
        try
        {
            while (await body.ReadAsync(block) is var read and > 0)
            {
                recorded.Write(block, 0, read);
            }
        }
        catch (HttpIOException)
        {
            // TensorRT-LLM ends a stream that fails by cutting it.
        }

        return recorded.ToArray();
    }
}

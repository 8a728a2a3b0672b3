using System.Text;
using System.Text.Json;

namespace Penstock.EndToEndTests.Harness;

/// <summary>Answers of the fake engine that tests have in common, framed the way vLLM frames them.</summary>
internal static class EngineScripts
{
    public const string Done = "data: [DONE]\n\n";

    public const string Usage = """{"prompt_tokens":7,"total_tokens":9,"completion_tokens":2}""";

    public const string Json =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"org/model","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there","tool_calls":[]},"logprobs":null,"finish_reason":"stop","stop_reason":null}],"usage":"""
        + Usage
        + "}";

    public static readonly string RoleChunk = Chunk("""{"role":"assistant","content":""}""");

    public static readonly string FinishChunk = Chunk("{}", "\"stop\"");

    public static readonly string UsageChunk =
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"org/model","choices":[],"usage":"""
        + Usage
        + "}\n\n";

    /// <summary>A stream or a JSON document, as the request asks.</summary>
    public static Task AnyAnswer(EngineExchange exchange) =>
        AsksForStream(exchange.Request)
            ? Stream(RoleChunk, TextChunk("Hello"), FinishChunk, UsageChunk, Done)(exchange)
            : exchange.AnswerAsync(200, Json);

    /// <summary>A stream of the given pieces, each one write and one chunk, ended in order.</summary>
    public static Func<EngineExchange, Task> Stream(params string[] pieces) =>
        async exchange =>
        {
            await exchange.StartStreamAsync();
            foreach (var piece in pieces)
            {
                await exchange.ChunkAsync(piece);
            }

            await exchange.EndAsync();
        };

    /// <summary>The same, but the connection breaks after the last piece.</summary>
    public static Func<EngineExchange, Task> CutStream(params string[] pieces) =>
        async exchange =>
        {
            await exchange.StartStreamAsync();
            foreach (var piece in pieces)
            {
                await exchange.ChunkAsync(piece);
            }

            exchange.Close();
        };

    private static bool AsksForStream(RecordedRequest request)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            return document.RootElement.TryGetProperty("stream", out var stream)
                && stream.ValueKind == JsonValueKind.True;
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair cannot be compared; the tests that send one ask for no stream.
            return false;
        }
    }

    public static Func<EngineExchange, Task> Answer(int status, string body, string type = "application/json") =>
        exchange => exchange.AnswerAsync(status, body, type);

    public static string TextChunk(string text) => Chunk($$"""{"content":"{{text}}"}""");

    public static string Chunk(string delta, string finish = "null", int index = 0) =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"org/model","choices":[{"index":{{index}},"delta":{{delta}},"logprobs":null,"finish_reason":{{finish}}}]}"""
        + "\n\n";

    public static Task AnswerQuestionAsync(EngineExchange exchange, IReadOnlyList<string> models)
    {
        var cards = string.Join(
            ',',
            models.Select(id =>
                $$"""{"id":"{{id}}","object":"model","created":1,"owned_by":"vllm","root":"{{id}}","parent":null,"max_model_len":32768,"permission":[]}"""
            )
        );
        return exchange.Request.Path switch
        {
            "/v1/models" => exchange.AnswerAsync(200, $$"""{"object":"list","data":[{{cards}}]}"""),
            "/version" => exchange.AnswerAsync(200, """{"version":"0.11.0"}"""),
            "/health" => exchange.AnswerAsync(200, "text/plain", ReadOnlyMemory<byte>.Empty),
            _ => exchange.AnswerAsync(404, """{"detail":"Not Found"}"""),
        };
    }

    public static byte[] Bytes(params string[] pieces) => Encoding.UTF8.GetBytes(string.Concat(pieces));
}

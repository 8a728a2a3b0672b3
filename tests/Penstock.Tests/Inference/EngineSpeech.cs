using System.Text;

namespace Penstock.Tests.Inference;

/// <summary>What engines say in these tests, as it stands on the wire.</summary>
internal static class EngineSpeech
{
    public const string Head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    public const string Done = "data: [DONE]\n\n";

    public static string Stream(params string[] events) => Head + string.Concat(events.Select(Chunked)) + "0\r\n\r\n";

    public static string Refusal(string message)
    {
        var body = $$"""{"error":{"message":"{{message}}","type":"BadRequestError","param":null,"code":400} }""";
        return $"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    public static string Role(string id) => Chunk(id, """{"role":"assistant","content":""}""");

    public static string Text(string id, string text) => Chunk(id, $$"""{"content":"{{text}}"}""");

    public static string Finish(string id) => Chunk(id, "{}", "\"stop\"");

    /// <summary>As the gateway spells it.</summary>
    public static string Length(string id) =>
        Chunk(id, "{}", "\"length\"").Replace("\" }]", "\"}]", StringComparison.Ordinal);

    public static string Usage(string id, int prompt, int completion) =>
        $$"""data: {"id":"{{id}}","choices":[],"usage":{"prompt_tokens":{{prompt}},"completion_tokens":{{completion}}} }"""
        + "\n\n";

    public static string Chunk(string id, string delta, string finish = "null") =>
        $$"""data: {"id":"{{id}}","object":"chat.completion.chunk","created":{{(id == "a" ? 1 : 2)}},"model":"org/{{id}}","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finish}} }]}"""
        + "\n\n";

    public static string Chunked(string text) => $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n";
}

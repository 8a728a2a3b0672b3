using System.Text;

namespace Penstock.Benchmarks.Gateways;

/// <summary>What engines send, spelled as vLLM does.</summary>
internal static class EngineAnswers
{
    public static byte[] JsonBody { get; } =
        """
            {"id":"chatcmpl-7f1c","object":"chat.completion","created":1700000000,"model":"org/bench-model","choices":[{"index":0,"message":{"role":"assistant","content":"Water turns a wheel, and the wheel turns a mill.","tool_calls":[]},"logprobs":null,"finish_reason":"stop","stop_reason":null}],"usage":{"prompt_tokens":42,"total_tokens":58,"completion_tokens":16,"prompt_tokens_details":null},"prompt_logprobs":null}
            """u8.ToArray();

    public static byte[] Json { get; } =
    [
        .. Encoding.ASCII.GetBytes(
            "HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\nserver: uvicorn\r\n"
                + $"content-length: {JsonBody.Length}\r\ncontent-type: application/json\r\n\r\n"
        ),
        .. JsonBody,
    ];

    public static byte[] StreamHead { get; } =
        "HTTP/1.1 200 OK\r\nserver: uvicorn\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n"u8.ToArray();

    public static byte[] Event { get; } =
        """
            data: {"id":"chatcmpl-7f1c","object":"chat.completion.chunk","created":1700000000,"model":"org/bench-model","choices":[{"index":0,"delta":{"content":" water"},"logprobs":null,"finish_reason":null}]}


            """u8.ToArray();

    public static byte[] LastEvent { get; } =
        """
            data: {"id":"chatcmpl-7f1c","object":"chat.completion.chunk","created":1700000000,"model":"org/bench-model","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}


            """u8.ToArray();

    public static byte[] Chunk { get; } = Framed(Event);

    public static byte[] StreamEnd { get; } =
    [.. Framed(LastEvent), .. Framed("data: [DONE]\n\n"u8.ToArray()), .. "0\r\n\r\n"u8];

    private static byte[] Framed(byte[] payload) =>
        [.. Encoding.ASCII.GetBytes($"{payload.Length:x}\r\n"), .. payload, .. "\r\n"u8];
}

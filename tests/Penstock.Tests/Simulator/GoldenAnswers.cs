using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>Byte for byte what vLLM would frame, with the words of this simulator.</summary>
public sealed class GoldenAnswers
{
    private const string Head = "HTTP/1.1 200 OK\r\ndate: Sun, 22 Nov 2026 12:00:00 GMT\r\nserver: uvicorn\r\n";

    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_minimal_answer_as_JSON()
    {
        Assert.Equal(
            Head
                + "content-length: 660\r\ncontent-type: application/json\r\n\r\n"
                + """{"id":"chatcmpl-golden","object":"chat.completion","created":1795348800,"model":"demo","choices":[{"index":0,"message":{"role":"assistant","content":"This is a","refusal":null,"annotations":null,"audio":null,"function_call":null,"reasoning":null},"logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null,"routed_experts":null}],"service_tier":null,"system_fingerprint":"vllm-0.27.1-51d0cafe","usage":{"prompt_tokens":8,"total_tokens":11,"completion_tokens":3,"prompt_tokens_details":null,"completion_tokens_details":null},"prompt_logprobs":null,"prompt_token_ids":null,"prompt_text":null,"kv_transfer_params":null,"ec_transfer_params":null}""",
            await AnswerAsync("\"max_tokens\":3")
        );
    }

    [Fact]
    public async Task A_minimal_answer_as_a_stream()
    {
        const string Opening =
            """data: {"id":"chatcmpl-golden","object":"chat.completion.chunk","created":1795348800,"model":"demo","choices":[""";
        Assert.Equal(
            Head
                + "transfer-encoding: chunked\r\ncontent-type: text/event-stream; charset=utf-8\r\n\r\n"
                + Chunk(
                    Opening
                        + """{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"prompt_token_ids":null,"prompt_text":null}"""
                )
                + Chunk(
                    Opening
                        + """{"index":0,"delta":{"content":"This"},"logprobs":null,"finish_reason":null,"token_ids":null}]}"""
                )
                + Chunk(
                    Opening
                        + """{"index":0,"delta":{"content":" is"},"logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null}]}"""
                )
                + Chunk(
                    Opening
                        + """],"usage":{"prompt_tokens":8,"total_tokens":10,"completion_tokens":2},"system_fingerprint":"vllm-0.27.1-51d0cafe"}"""
                )
                + Chunk("data: [DONE]")
                + "0\r\n\r\n",
            await AnswerAsync("\"max_tokens\":2,\"stream\":true,\"stream_options\":{\"include_usage\":true}")
        );
    }

    private static string Chunk(string line) => $"{line.Length + 2:x}\r\n{line}\n\n\r\n";

    private static async Task<string> AnswerAsync(string more)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Time = Time });
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(
            RawConnection.Request(SimulatorClient.Body("hi", more), "X-Request-Id: golden\r\nConnection: close\r\n")
        );
        return (await connection.ReadToEndAsync()).Replace("connection: close\r\n", "", StringComparison.Ordinal);
    }
}

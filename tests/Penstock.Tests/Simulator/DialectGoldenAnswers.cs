using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>Each dialect's bytes, whole and streamed: what is random in them is put out of the way, nothing else.</summary>
public sealed class DialectGoldenAnswers
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    public static TheoryData<string, string> WholeAnswers =>
        new()
        {
            {
                "openai",
                """{"id":"ID","object":"chat.completion","created":1795348800,"model":"demo","choices":[{"index":0,"message":{"role":"assistant","content":"This is","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_51d0cafe"}"""
            },
            {
                "sglang",
                """{"id":"ID","object":"chat.completion","created":1795348800,"model":"demo","choices":[{"index":0,"message":{"role":"assistant","content":"This is","reasoning_content":null,"tool_calls":null},"logprobs":null,"finish_reason":"length","matched_stop":null}],"usage":{"prompt_tokens":8,"total_tokens":10,"completion_tokens":2,"prompt_tokens_details":null,"reasoning_tokens":0},"metadata":{"weight_version":"default"}}"""
            },
            {
                "trtllm",
                """{"id":"ID","object":"chat.completion","created":1795348800,"model":"demo","choices":[{"index":0,"message":{"role":"assistant","content":"This is","reasoning_content":null,"reasoning":null,"tool_calls":[]},"logprobs":null,"finish_reason":"length","stop_reason":null,"disaggregated_params":null,"avg_decoded_tokens_per_iter":1.0}],"usage":{"prompt_tokens":8,"total_tokens":10,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":0}}}"""
            },
            {
                "llamacpp",
                """{"choices":[{"finish_reason":"length","index":0,"message":{"role":"assistant","content":"This is"}}],"created":1795348800,"model":"demo","system_fingerprint":"b6240-54a241f5","object":"chat.completion","usage":{"completion_tokens":2,"prompt_tokens":8,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":0}},"id":"ID","timings":{"cache_n":0,"prompt_n":8,"prompt_ms":0,"prompt_per_token_ms":0,"prompt_per_second":0,"predicted_n":2,"predicted_ms":0,"predicted_per_token_ms":0,"predicted_per_second":0}}"""
            },
            {
                "ollama",
                """{"id":"ID","object":"chat.completion","created":1795348800,"model":"demo","system_fingerprint":"fp_ollama","choices":[{"index":0,"message":{"role":"assistant","content":"This is"},"finish_reason":"length"}],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10}}"""
            },
            {
                "tgi",
                """{"id":"ID","object":"chat.completion","created":1795348800,"model":"demo","system_fingerprint":"3.3.6-native","choices":[{"index":0,"message":{"role":"assistant","content":"This is"},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10}}"""
            },
        };

    public static TheoryData<string, string> Streams =>
        new()
        {
            {
                "openai",
                """
                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","service_tier":"default","system_fingerprint":"fp_51d0cafe","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","service_tier":"default","system_fingerprint":"fp_51d0cafe","choices":[{"index":0,"delta":{"content":"This"},"logprobs":null,"finish_reason":null}],"usage":null}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","service_tier":"default","system_fingerprint":"fp_51d0cafe","choices":[{"index":0,"delta":{"content":" is"},"logprobs":null,"finish_reason":null}],"usage":null}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","service_tier":"default","system_fingerprint":"fp_51d0cafe","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}],"usage":null}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","service_tier":"default","system_fingerprint":"fp_51d0cafe","choices":[],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}

                    data: [DONE]


                    """
            },
            {
                "sglang",
                """
                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning_content":null,"tool_calls":null},"logprobs":null,"finish_reason":null,"matched_stop":null}],"usage":null}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","choices":[{"index":0,"delta":{"role":null,"content":"This","reasoning_content":null,"tool_calls":null},"logprobs":null,"finish_reason":null,"matched_stop":null}],"usage":null}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","choices":[{"index":0,"delta":{"role":null,"content":" is","reasoning_content":null,"tool_calls":null},"logprobs":null,"finish_reason":null,"matched_stop":null}],"usage":null}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","choices":[{"index":0,"delta":{"role":null,"content":null,"reasoning_content":null,"tool_calls":null},"logprobs":null,"finish_reason":"length","matched_stop":null}],"usage":null}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","choices":[],"usage":{"prompt_tokens":8,"total_tokens":10,"completion_tokens":2,"prompt_tokens_details":null,"reasoning_tokens":0}}

                    data: [DONE]


                    """
            },
            {
                "trtllm",
                // The blank behind the first event is the engine's.
                """data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]} """
                    + """


                        data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","choices":[{"index":0,"delta":{"content":"This"}}]}

                        data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","choices":[{"index":0,"delta":{"content":" is"},"finish_reason":"length"}]}

                        data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","choices":[],"usage":{"prompt_tokens":8,"total_tokens":10,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":0}}}

                        data: [DONE]


                        """
            },
            {
                "llamacpp",
                """
                    data: {"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"created":1795348800,"id":"ID","model":"demo","system_fingerprint":"b6240-54a241f5","object":"chat.completion.chunk"}

                    data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":"This"}}],"created":1795348800,"id":"ID","model":"demo","system_fingerprint":"b6240-54a241f5","object":"chat.completion.chunk"}

                    data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":" is"}}],"created":1795348800,"id":"ID","model":"demo","system_fingerprint":"b6240-54a241f5","object":"chat.completion.chunk"}

                    data: {"choices":[{"finish_reason":"length","index":0,"delta":{}}],"created":1795348800,"id":"ID","model":"demo","system_fingerprint":"b6240-54a241f5","object":"chat.completion.chunk"}

                    data: {"choices":[],"created":1795348800,"id":"ID","model":"demo","system_fingerprint":"b6240-54a241f5","object":"chat.completion.chunk","usage":{"completion_tokens":2,"prompt_tokens":8,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":0}},"timings":{"cache_n":0,"prompt_n":8,"prompt_ms":0,"prompt_per_token_ms":0,"prompt_per_second":0,"predicted_n":2,"predicted_ms":0,"predicted_per_token_ms":0,"predicted_per_second":0}}

                    data: [DONE]


                    """
            },
            {
                "ollama",
                """
                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"This"},"finish_reason":null}]}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"content":" is"},"finish_reason":null}]}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"content":""},"finish_reason":"length"}]}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","system_fingerprint":"fp_ollama","choices":[],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10}}

                    data: [DONE]


                    """
            },
            {
                "tgi",
                """
                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","system_fingerprint":"3.3.6-native","choices":[{"index":0,"delta":{"role":"assistant","content":"This"},"logprobs":null,"finish_reason":null}],"usage":null}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","system_fingerprint":"3.3.6-native","choices":[{"index":0,"delta":{"role":"assistant","content":" is"},"logprobs":null,"finish_reason":"length"}],"usage":null}

                    data: {"id":"ID","object":"chat.completion.chunk","created":1795348800,"model":"demo","system_fingerprint":"3.3.6-native","choices":[],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10}}

                    data: [DONE]


                    """
            },
        };

    [Theory]
    [MemberData(nameof(WholeAnswers))]
    public async Task A_minimal_answer_as_JSON(string dialect, string expected) =>
        Assert.Equal(expected, await AnswerAsync(dialect, "\"max_tokens\":2"));

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_minimal_answer_as_a_stream(string dialect, string expected) =>
        Assert.Equal(
            expected,
            await AnswerAsync(dialect, "\"max_tokens\":2,\"stream\":true,\"stream_options\":{\"include_usage\":true}")
        );

    private static async Task<string> AnswerAsync(string dialect, string more)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect, Time = Time });
        var text = await simulator.StreamTextAsync(SimulatorClient.Body("hi", more));
        var id = AnswerId(text);
        return text.Replace($"\"id\":\"{id}\"", "\"id\":\"ID\"", StringComparison.Ordinal);
    }

    private static string AnswerId(string text)
    {
        var start = text.IndexOf("\"id\":\"", StringComparison.Ordinal) + "\"id\":\"".Length;
        return text[start..text.IndexOf('"', start)];
    }
}

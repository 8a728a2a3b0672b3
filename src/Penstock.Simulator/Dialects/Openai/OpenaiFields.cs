using System.Collections.Frozen;

namespace Penstock.Simulator.Dialects.Openai;

/// <summary>The fields of a chat request in the specification; others are refused.</summary>
internal static class OpenaiFields
{
    public static FrozenSet<string> Known { get; } =
        FrozenSet.Create(
            StringComparer.Ordinal,
            "model",
            "messages",
            "temperature",
            "top_p",
            "frequency_penalty",
            "presence_penalty",
            "n",
            "stop",
            "max_completion_tokens",
            "max_tokens",
            "logprobs",
            "top_logprobs",
            "logit_bias",
            "seed",
            "stream",
            "stream_options",
            "response_format",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "function_call",
            "functions",
            "reasoning_effort",
            "verbosity",
            "modalities",
            "audio",
            "prediction",
            "store",
            "metadata",
            "service_tier",
            "user",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prompt_cache_options",
            "moderation",
            "web_search_options"
        );
}

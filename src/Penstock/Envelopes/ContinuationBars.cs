using System.Text;
using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// Fields of a request that make its answer one piece: what comes after a cut depends on what came before it in ways
/// that a prompt does not tell. Only a value that asks for something counts.
/// </summary>
internal static class ContinuationBars
{
    private static readonly byte[][] Names =
    [
        .. new[]
        {
            // Calls, and what stands in for them.
            "tools",
            "functions",
            "function_call",
            // Grammars begin anew with each answer.
            "structured_outputs",
            "guided_json",
            "guided_regex",
            "guided_choice",
            "guided_grammar",
            "grammar",
            "json_schema",
            "regex",
            "ebnf",
            // Numbers for each token of the answer, or of the prompt.
            "logprobs",
            "top_logprobs",
            "prompt_logprobs",
            "return_token_ids",
            "return_tokens_as_token_ids",
            "return_prompt_token_ids",
            "return_hidden_states",
            // Counts and searches over the answer as a whole.
            "min_tokens",
            "best_of",
            "use_beam_search",
            "custom_logit_processor",
            "logits_processors",
            // The prompt would come back, be cut, or is not in the messages.
            "echo",
            "truncate_prompt_tokens",
            "input_ids",
            "prompt_token_ids",
            "session_params",
            // Other things than text.
            "audio",
            "modalities",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    public static bool Includes(ReadOnlySpan<byte> json, JsonText name)
    {
        foreach (var bar in Names)
        {
            if (name.Means(json, bar))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Passes over a value; true for null, false, what is empty, and the counts 0 and 1.</summary>
    public static bool SkipNothing(ref JsonCursor cursor)
    {
        var kind = cursor.Peek();
        var start = cursor.Position;
        cursor.SkipValue();
        var value = cursor.Json[start..cursor.Position];
        return kind switch
        {
            JsonKind.Null => true,
            JsonKind.Boolean => value[0] == 'f',
            JsonKind.Number => value.SequenceEqual("0"u8) || value.SequenceEqual("1"u8),
            _ => value.Length == 2,
        };
    }
}

using Penstock.Primitives.Json;

namespace Penstock.Engines;

/// <summary>The members' names.</summary>
internal static class UsageFields
{
    private const int LongestName = 25;

    public static UsageField Of(ReadOnlySpan<byte> json, JsonText name)
    {
        if (!name.IsEscaped)
        {
            return Of(name.Raw(json));
        }

        Span<byte> decoded = stackalloc byte[LongestName];
        return JsonEscapes.TryDecode(name.Raw(json), decoded, out var length)
            ? Of(decoded[..length])
            : UsageField.Other;
    }

    private static UsageField Of(ReadOnlySpan<byte> name) =>
        name.Length switch
        {
            13 when name.SequenceEqual("prompt_tokens"u8) => UsageField.Prompt,
            17 when name.SequenceEqual("completion_tokens"u8) => UsageField.Completion,
            13 when name.SequenceEqual("cached_tokens"u8) => UsageField.Cached,
            16 when name.SequenceEqual("reasoning_tokens"u8) => UsageField.Reasoning,
            21 when name.SequenceEqual("prompt_tokens_details"u8) => UsageField.PromptDetails,
            LongestName when name.SequenceEqual("completion_tokens_details"u8) => UsageField.CompletionDetails,
            _ => UsageField.Other,
        };
}

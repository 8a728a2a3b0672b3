namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>How much may be generated: what was asked, within what the context leaves.</summary>
internal static class VllmContext
{
    public static int MaxTokens(VllmFields fields, int promptTokens, int maxModelLen)
    {
        var (name, asked) = fields.Integer("max_completion_tokens") is { } newer
            ? ("max_completion_tokens", newer)
            : ("max_tokens", fields.Integer("max_tokens") ?? 0);
        if (asked > maxModelLen)
        {
            throw new RefusalException(
                VllmErrors.Semantic(
                    $"{name}={asked} cannot be greater than max_model_len={maxModelLen}. Please request fewer output tokens.",
                    name,
                    $"{asked}"
                )
            );
        }

        // The answer needs one token at least, asked for or not.
        if (promptTokens + Math.Max(asked, 1) > maxModelLen)
        {
            // vLLM stops counting one token past what fits, so its numbers say "at least".
            var counted = maxModelLen - asked + 1;
            throw new RefusalException(
                VllmErrors.Semantic(
                    $"This model's maximum context length is {maxModelLen} tokens. However, you requested {asked} output tokens and your prompt contains at least {counted} input tokens, for a total of at least {maxModelLen + 1} tokens. Please reduce the length of the input prompt or the number of requested output tokens.",
                    "input_tokens",
                    $"{counted}"
                )
            );
        }

        return asked > 0 ? (int)asked : maxModelLen - promptTokens;
    }
}

namespace Penstock.Envelopes;

/// <summary>What a deployment asks of the requests it takes.</summary>
internal sealed record EnvelopeTerms
{
    /// <summary>The name that the engine knows.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>Added where the caller was silent; null adds nothing. Likewise the next two.</summary>
    public long? MaxTokens { get; init; }

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    /// <summary>
    /// Streams are metered by the usage that the engine reports at their end: it is always asked for.
    /// </summary>
    public bool UsageOnStreams { get; init; } = true;

    /// <summary>Highest <c>top_logprobs</c>: 5 is the contract's.</summary>
    public int TopLogprobs { get; init; } = 5;

    /// <summary>Highest <c>n</c>: 128 is OpenAI's.</summary>
    public int N { get; init; } = 128;

    /// <summary>Noted fields that the engine refuses although they ask nothing of it: they are left out.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The engine takes a null for a wrong type, where OpenAI has it as "not given".</summary>
    public bool RefusesNulls { get; init; }

    /// <summary>The engine reads <c>max_tokens</c> and has not heard of <c>max_completion_tokens</c>.</summary>
    public bool KnowsMaxTokensOnly { get; init; }

    /// <summary>The engine refuses a <c>top_p</c> of 1, which asks for nothing: it is left out.</summary>
    public bool RefusesTopPOfOne { get; init; }

    /// <summary>The engine reads <c>stop</c> as a list only.</summary>
    public bool WantsStopAsList { get; init; }

    public ToolChoices ToolChoice { get; init; } = ToolChoices.All;
}

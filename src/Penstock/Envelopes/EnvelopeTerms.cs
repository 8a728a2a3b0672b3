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
    /// Streams are metered by the usage that the engine reports at their end: it is asked for.
    /// </summary>
    public bool UsageOnStreams { get; init; } = true;

    /// <summary>
    /// Usage is asked for with every chunk, so that a stream that was cut or left is known to the token. Only for an
    /// engine that knows how.
    /// </summary>
    public bool ContinuousUsage { get; init; }

    /// <summary>Highest <c>top_logprobs</c>: 5 is the contract's.</summary>
    public int TopLogprobs { get; init; } = 5;

    /// <summary>Highest <c>n</c>: 128 is OpenAI's.</summary>
    public int N { get; init; } = 128;
}

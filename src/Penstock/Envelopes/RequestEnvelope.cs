using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// What the gateway knows of a request: the few values it needs and where they stand in the body. Offsets only: it
/// holds no bytes, is valid for the body it was read from, and costs no allocation. Pass it by reference.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct RequestEnvelope
{
    /// <summary>Longest model name in UTF-8 bytes: a span of this size always takes the decoded name.</summary>
    public const int LongestModel = 256;

    private Spots _spots;

    /// <summary>Where a field's value stands; not for engine controls.</summary>
    public readonly FieldSpot this[EnvelopeField field] => _spots[(int)field];

    /// <summary>The model's name between its quotes.</summary>
    public JsonText Model { get; set; }

    public bool Stream { get; set; }

    /// <summary>What the caller allows: <c>max_completion_tokens</c>, else <c>max_tokens</c>; null: silent.</summary>
    public long? MaxTokens { get; set; }

    public int N { get; set; }
    public long TopLogprobs { get; set; }
    public bool HasLogprobs { get; set; }
    public bool HasTools { get; set; }

    /// <summary>The answer is held to JSON (<c>response_format</c> json_object or json_schema).</summary>
    public bool HasGrammar { get; set; }

    /// <summary>
    /// Nothing read here forbids that another engine goes on with the answer where one has stopped: tools, grammars and
    /// log-probabilities belong to the answer as a whole.
    /// </summary>
    public readonly bool MayBeContinued => !HasTools && !HasGrammar && !HasLogprobs;

    /// <summary>The caller wants the usage chunk of a stream.</summary>
    public bool IncludeUsage { get; set; }

    /// <summary><c>stream_options.include_usage</c>.</summary>
    public FieldSpot IncludeUsageSpot { get; set; }

    /// <summary><c>stream_options.continuous_usage_stats</c>: usage on every chunk, where an engine knows it.</summary>
    public bool ContinuousUsage { get; set; }

    public FieldSpot ContinuousUsageSpot { get; set; }

    /// <summary><c>stream_options</c> is <c>{}</c>: what is put in takes no comma.</summary>
    public bool StreamOptionsAreEmpty { get; set; }

    /// <summary>
    /// The first field met that reaches into a shared engine; null: none. See <see cref="EngineControls"/>.
    /// </summary>
    public string? EngineControl { get; set; }

    /// <summary>A caller's own <c>cache_salt</c>.</summary>
    public FieldSpot CacheSaltSpot { get; set; }

    /// <summary>The caller gave a <c>priority</c> of their own.</summary>
    public bool HasPriority { get; set; }

    /// <summary>How the conversation begins.</summary>
    public PromptStart Prompt { get; set; }

    /// <summary>The <see cref="NotedFields"/> that were met, a bit each.</summary>
    public ulong Noted { get; set; }

    /// <summary>Offset of the root object's last byte: additions go before it, each after a comma.</summary>
    public int ClosingBrace { get; set; }

    public void Mark(EnvelopeField field, FieldSpot spot) => _spots[(int)field] = spot;

    /// <summary>The model's name as text; the scratch span takes it when it is spelled with escapes.</summary>
    /// <param name="body">The body this was read from.</param>
    /// <param name="scratch">At least <see cref="LongestModel"/> bytes.</param>
    public readonly ReadOnlySpan<byte> ModelUtf8(ReadOnlySpan<byte> body, Span<byte> scratch)
    {
        var raw = Model.Raw(body);
        if (!Model.IsEscaped)
        {
            return raw;
        }

        JsonEscapes.TryDecode(raw, scratch, out var length);
        return scratch[..length];
    }

    /// <summary>The model's name as characters; <see cref="LongestModel"/> of them always suffice.</summary>
    public readonly bool TryCopyModel(ReadOnlySpan<byte> body, Span<char> destination, out int written)
    {
        Span<byte> scratch = stackalloc byte[LongestModel];
        return Encoding.UTF8.TryGetChars(ModelUtf8(body, scratch), destination, out written);
    }

    [InlineArray((int)EnvelopeField.FirstEngineControl)]
    private struct Spots
    {
        private FieldSpot _first;
    }
}

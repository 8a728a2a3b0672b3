namespace Penstock.Envelopes;

/// <summary>
/// Fields that the gateway does not read, but that some engine takes badly: they are noted as they are met, so that a
/// deployment on such an engine can act on them. To all others they are unknown fields like any other.
/// </summary>
internal static class NotedFields
{
    internal static readonly string[] Table =
    [
        // OpenAI's: hints and bookkeeping for its own service.
        "store",
        "metadata",
        "service_tier",
        "prediction",
        "modalities",
        "verbosity",
        "safety_identifier",
        "prompt_cache_key",
        "prompt_cache_retention",
        "prompt_cache_options",
        "web_search_options",
        // vLLM's until it dropped them.
        "guided_json",
        "guided_regex",
        "guided_choice",
        "guided_grammar",
        "guided_decoding_backend",
        "guided_whitespace_pattern",
    ];

    /// <summary>One bit for each name.</summary>
    public static ulong Bits(IEnumerable<string> names) => names.Aggregate(0UL, (bits, name) => bits | Bit(name));

    public static IEnumerable<string> Names(ulong bits) => Table.Where(name => (bits & Bit(name)) != 0);

    /// <summary>The bit of a field in this group.</summary>
    public static ulong Bit(EnvelopeField field) => 1UL << (field - EnvelopeNames.FirstNoted);

    private static ulong Bit(string name) =>
        Array.IndexOf(Table, name) is var at and >= 0
            ? 1UL << at
            : throw new ArgumentException($"'{name}' is not noted: add it to {nameof(NotedFields)}.", nameof(name));
}

namespace Penstock.Envelopes;

/// <summary>
/// Fields that reach past the caller's own request into an engine that others share. Only a key with the permission
/// <c>engine-controls</c> may send them; null is "not given".
/// </summary>
internal static class EngineControls
{
    public static IReadOnlyList<string> Names => Table;

    /// <summary>The refusal for a key without the permission; null when the caller sent none of them.</summary>
    public static EnvelopeRefusal? Refuse(in RequestEnvelope envelope) =>
        envelope.EngineControl is { } name
            ? new EnvelopeRefusal(
                RefusalCode.UnsupportedParameter,
                name,
                $"Unsupported parameter: '{name}' reaches into a shared engine. Leave it out, or ask for a key with "
                    + "the permission 'engine-controls'."
            )
            : null;

    internal static readonly string[] Table =
    [
        // Who goes first: everyone else waits.
        "priority",
        "agent_hierarchy",
        // Which cache: another caller's prompts can be timed or polluted.
        "cache_salt",
        "extra_key",
        "ngram_corpus_id",
        "conversation_params",
        "session_id",
        "session_params",
        "id_slot",
        // Which worker, and where its attention cache comes from: addresses inside the cluster.
        "data_parallel_rank",
        "routed_dp_rank",
        "disagg_prefill_dp_rank",
        "disaggregated_params",
        "kv_transfer_params",
        "ec_transfer_params",
        "bootstrap_host",
        "bootstrap_port",
        "bootstrap_room",
        // Whose request: ids are the gateway's; a repeated one collides with another caller's.
        "rid",
        "request_id",
        // Code, templates and weights of the caller's choosing.
        "custom_logit_processor",
        "custom_params",
        "chat_template",
        "lora",
        "lora_path",
        "lora_request",
        // Other spellings of what the gateway reads: around messages, and around max_tokens and n (llama.cpp).
        "input_ids",
        "prompt_token_ids",
        "n_predict",
        "n_cmpl",
    ];

    /// <summary>The two that the gateway sets itself.</summary>
    public static EnvelopeField Priority { get; } = FieldOf("priority");

    public static EnvelopeField CacheSalt { get; } = FieldOf("cache_salt");

    private static EnvelopeField FieldOf(string name) =>
        (EnvelopeField)((int)EnvelopeField.FirstEngineControl + Array.IndexOf(Table, name));
}

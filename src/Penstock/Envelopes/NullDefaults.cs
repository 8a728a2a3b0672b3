namespace Penstock.Envelopes;

/// <summary>
/// What a null means, for engines that take it for a value of a wrong type: OpenAI has it as "not given", and so the
/// default is what was asked for.
/// </summary>
internal static class NullDefaults
{
    private static readonly (EnvelopeField Field, byte[] Json)[] Table =
    [
        (EnvelopeField.N, "1"u8.ToArray()),
        (EnvelopeField.Stream, "false"u8.ToArray()),
        (EnvelopeField.Logprobs, "false"u8.ToArray()),
        (EnvelopeField.PresencePenalty, "0"u8.ToArray()),
        (EnvelopeField.FrequencyPenalty, "0"u8.ToArray()),
    ];

    public static void Splice(SplicedBody spliced, in RequestEnvelope envelope)
    {
        foreach (ref readonly var entry in Table.AsSpan())
        {
            if (envelope[entry.Field].IsNull)
            {
                spliced.Replace(envelope[entry.Field], entry.Json);
            }
        }
    }
}

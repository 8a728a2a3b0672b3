namespace Penstock.Envelopes;

/// <summary>What only shows when the whole body has been read.</summary>
internal static class CrossChecks
{
    public static EnvelopeRefusal? Refuse(in RequestEnvelope envelope)
    {
        if (!envelope[EnvelopeField.Model].IsGiven)
        {
            return EnvelopeRefusal.Missing("model", "the name of a model, as listed by GET /v1/models");
        }

        if (!envelope[EnvelopeField.Messages].IsGiven)
        {
            return EnvelopeRefusal.Missing("messages", "an array of at least one message");
        }

        if (envelope[EnvelopeField.StreamOptions].IsGiven && !envelope.Stream)
        {
            return EnvelopeRefusal.WrongValue("stream_options", "it only together with 'stream': true", "no stream");
        }

        return envelope.TopLogprobs > 0 && !envelope.HasLogprobs
            ? EnvelopeRefusal.WrongValue("top_logprobs", "'logprobs': true beside it", "no logprobs")
            : null;
    }
}

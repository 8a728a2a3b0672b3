using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>Reads the value of one known field, never null, into the envelope.</summary>
internal static class FieldReader
{
    // OpenAI's own bound; a deployment may lower it.
    private static readonly IntegerRange Choices = new(1, 128);

    public static EnvelopeRefusal? Read(
        ref JsonCursor cursor,
        EnvelopeField field,
        JsonKind kind,
        ref RequestEnvelope envelope
    ) =>
        field switch
        {
            EnvelopeField.Model => ReadModel(ref cursor, ref envelope),
            EnvelopeField.Messages => MessagesReader.Read(ref cursor, kind, ref envelope),
            EnvelopeField.Stream or EnvelopeField.Logprobs => ReadSwitch(ref cursor, field, ref envelope),
            EnvelopeField.StreamOptions => StreamOptionsReader.Read(ref cursor, kind, ref envelope),
            EnvelopeField.Stop => StopReader.Read(ref cursor, kind),
            EnvelopeField.Tools => ToolsReader.Read(ref cursor, kind, ref envelope),
            EnvelopeField.ToolChoice => ToolChoiceReader.Read(ref cursor, kind),
            EnvelopeField.ResponseFormat => ResponseFormatReader.Read(ref cursor, kind, ref envelope),
            EnvelopeField.Temperature => Values.Number(ref cursor, "temperature", 0, 2),
            EnvelopeField.TopP => Values.Number(ref cursor, "top_p", 0, 1),
            EnvelopeField.PresencePenalty => Values.Number(ref cursor, "presence_penalty", -2, 2),
            EnvelopeField.FrequencyPenalty => Values.Number(ref cursor, "frequency_penalty", -2, 2),
            EnvelopeField.Seed => Values.Integer(ref cursor, "seed", IntegerRange.Int64, out _),
            // Deprecated by OpenAI and not in the contract: the engine judges it.
            EnvelopeField.User => Values.Skip(ref cursor),
            _ => ReadCount(ref cursor, field, ref envelope),
        };

    private static EnvelopeRefusal? ReadModel(ref JsonCursor cursor, ref RequestEnvelope envelope)
    {
        if (Values.Text(ref cursor, "model", out var model) is { } refusal)
        {
            return refusal;
        }

        Span<byte> decoded = stackalloc byte[RequestEnvelope.LongestModel];
        var length = model.Length;
        if (model.IsEscaped && !JsonEscapes.TryDecode(model.Raw(cursor.Json), decoded, out length))
        {
            length = int.MaxValue;
        }

        envelope.Model = model;
        return length is > 0 and <= RequestEnvelope.LongestModel
            ? null
            : EnvelopeRefusal.WrongValue(
                "model",
                $"the name of a model, 1 to {RequestEnvelope.LongestModel} bytes of UTF-8",
                length == 0 ? "an empty string" : "something else"
            );
    }

    private static EnvelopeRefusal? ReadSwitch(ref JsonCursor cursor, EnvelopeField field, ref RequestEnvelope envelope)
    {
        var refusal = Values.Boolean(ref cursor, EnvelopeNames.Of(field), out var value);
        if (field == EnvelopeField.Stream)
        {
            envelope.Stream = value;
        }
        else
        {
            envelope.HasLogprobs = value;
        }

        return refusal;
    }

    private static EnvelopeRefusal? ReadCount(ref JsonCursor cursor, EnvelopeField field, ref RequestEnvelope envelope)
    {
        var range = field switch
        {
            EnvelopeField.N => Choices,
            EnvelopeField.TopLogprobs => IntegerRange.AtLeast(0),
            _ => IntegerRange.AtLeast(1),
        };
        var refusal = Values.Integer(ref cursor, EnvelopeNames.Of(field), range, out var value);
        switch (field)
        {
            case EnvelopeField.N:
                envelope.N = (int)value;
                break;
            case EnvelopeField.TopLogprobs:
                envelope.TopLogprobs = value;
                break;
            case EnvelopeField.MaxCompletionTokens:
                envelope.MaxTokens = value;
                break;
            case EnvelopeField.MaxTokens when !envelope[EnvelopeField.MaxCompletionTokens].IsGiven:
                envelope.MaxTokens = value;
                break;
        }

        return refusal;
    }
}

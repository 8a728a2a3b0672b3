namespace Penstock.Envelopes;

/// <summary>
/// How many tokens a prompt may have, before an engine has counted them: four bytes a token, as English text has with
/// every common tokenizer, and a thousand for an image, as vision models have. It is a guess and never more.
/// </summary>
internal static class PromptEstimate
{
    private const int BytesPerToken = 4;
    private const int TokensPerImage = 1_000;

    public static long Of(in RequestEnvelope envelope, ReadOnlySpan<byte> body) =>
        OfField(envelope[EnvelopeField.Messages], body) + OfField(envelope[EnvelopeField.Tools], body);

    private static long OfField(FieldSpot spot, ReadOnlySpan<byte> body)
    {
        if (!spot.IsGiven)
        {
            return 0;
        }

        var text = body.Slice(spot.Start, spot.Length);
        long bytes = text.Length;
        long images = 0;
        // Data URLs are a hundred times as long as what a model makes of them.
        for (var at = text.IndexOf(";base64,"u8); at >= 0; at = text.IndexOf(";base64,"u8))
        {
            text = text[at..];
            var end = text.IndexOf((byte)'"');
            var length = end < 0 ? text.Length : end;
            text = text[length..];
            bytes -= length;
            images++;
        }

        return ((bytes + BytesPerToken - 1) / BytesPerToken) + (images * TokensPerImage);
    }
}

using Penstock.Forwarding;
using Penstock.Primitives;

namespace Penstock.Benchmarks.Fuzz;

/// <summary>
/// The response head and the framings. However the bytes are cut into reads, the same payload comes out, and a head
/// is never read as having two lengths.
/// </summary>
internal static class AnswerTarget
{
    public static string? Judge(byte[] input, Chance chance)
    {
        var end = input.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0 || !ResponseHeadParser.TryParse(input.AsSpan(0, end + 2), out var head))
        {
            return null;
        }

        if (head.Chunked && head.ContentLength >= 0)
        {
            return "A head with both lengths was accepted.";
        }

        var body = input.AsSpan(end + 4);
        var whole = Read(body, head, () => int.MaxValue);
        var cut = Read(body, head, () => 1 + chance.Next(7));
        return whole == cut ? null : $"Read at once: {whole}. Read in pieces: {cut}.";
    }

    private static string Read(ReadOnlySpan<byte> body, in ResponseHead head, Func<int> size)
    {
        var framing = BodyFraming.Of(head);
        var payload = new List<byte>();
        var step = BodyStep.More;
        while (body.Length > 0 && step is BodyStep.More or BodyStep.Data && !framing.IsEnd)
        {
            var read = body[..Math.Min(size(), body.Length)].ToArray();
            body = body[read.Length..];
            for (var rest = read.AsSpan(); rest.Length > 0 && step != BodyStep.Broken && !framing.IsEnd; )
            {
                step = framing.Take(rest, out var length, out var consumed);
                payload.AddRange(step == BodyStep.Broken ? [] : rest[..length]);
                rest = rest[consumed..];
            }
        }

        // What stood before a break may or may not have come out: the caller is told of the break either way.
        return step == BodyStep.Broken ? "broken" : $"{Convert.ToHexString([.. payload])} end {framing.IsEnd}";
    }
}

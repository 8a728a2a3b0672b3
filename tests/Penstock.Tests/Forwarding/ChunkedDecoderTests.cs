using System.Text;
using FsCheck.Xunit;
using Penstock.Forwarding;

namespace Penstock.Tests.Forwarding;

public sealed class ChunkedDecoderTests
{
    [Property(MaxTest = 500)]
    public bool However_chunks_and_reads_are_cut_the_payload_is_the_same(byte[][] chunks, byte step)
    {
        var expected = chunks.SelectMany(chunk => chunk).ToArray();
        var framed = new List<byte>();
        foreach (var chunk in chunks.Where(chunk => chunk.Length > 0))
        {
            framed.AddRange(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            framed.AddRange(chunk);
            framed.AddRange("\r\n"u8.ToArray());
        }
        framed.AddRange("0\r\n\r\n"u8.ToArray());
        var (payload, end, ok) = Decode([.. framed], 1 + (step % 7));
        return ok && end && payload.SequenceEqual(expected);
    }

    [Theory]
    [InlineData("5;name=value\r\nhello\r\n0\r\nX-Trailer: a\r\n\r\n")]
    [InlineData("05\r\nhello\r\n0\r\n\r\n")]
    public void Extensions_trailers_and_leading_zeros_are_allowed(string framed)
    {
        var (payload, end, ok) = Decode(Encoding.ASCII.GetBytes(framed), 3);
        Assert.True(ok && end);
        Assert.Equal("hello", Encoding.ASCII.GetString(payload));
    }

    [Theory]
    [InlineData("\r\nhello\r\n")]
    [InlineData("5\nhello\r\n")]
    [InlineData("5 \r\nhello\r\n")]
    [InlineData("-5\r\nhello\r\n")]
    [InlineData("0x5\r\nhello\r\n")]
    [InlineData("5\r\nhelloX\r\n")]
    [InlineData("5\r\nhello\n")]
    [InlineData("1000000000000000f\r\n")]
    [InlineData("5;a\nb\r\nhello\r\n")]
    [InlineData("0\r\nX: y\n\r\n")]
    public void Whatever_two_readers_could_read_in_two_ways_is_refused(string framed) =>
        Assert.False(Decode(Encoding.ASCII.GetBytes(framed), 1).Ok);

    [Fact]
    public void Endless_extensions_are_refused() =>
        Assert.False(Decode(Encoding.ASCII.GetBytes("5;" + new string('a', 10_000)), 100).Ok);

    private static (byte[] Payload, bool End, bool Ok) Decode(byte[] framed, int step)
    {
        var decoder = new ChunkedDecoder();
        var payload = new List<byte>();
        for (var at = 0; at < framed.Length; at += step)
        {
            var piece = framed.AsSpan(at, Math.Min(step, framed.Length - at)).ToArray();
            if (!decoder.TryDecode(piece, out var length, out _))
            {
                return ([], false, false);
            }

            payload.AddRange(piece[..length]);
        }
        return ([.. payload], decoder.IsEnd, true);
    }
}

using System.Text;

namespace Penstock.Tests.Relaying;

/// <summary>Bytes as a network may cut them.</summary>
internal static class Pieces
{
    /// <param name="seed">0: all in one piece.</param>
    public static List<byte[]> Of(string text, int seed)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return seed == 0 ? [bytes] : Cut(bytes, seed);
    }

    public static List<byte[]> Cut(byte[] bytes, int seed)
    {
        var state = (uint)seed;
        var pieces = new List<byte[]>();
        for (var at = 0; at < bytes.Length; )
        {
            state = (state * 1664525) + 1013904223;
            var length = Math.Min(bytes.Length - at, 1 + (int)(state >> 16) % 40);
            pieces.Add(bytes[at..(at + length)]);
            at += length;
        }
        return pieces;
    }
}

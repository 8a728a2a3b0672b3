using Penstock.Primitives;

namespace Penstock.Benchmarks.Fuzz;

/// <summary>Changes an input in one to eight places.</summary>
internal static class Mutation
{
    private const int MostChanges = 8;

    /// <summary>What parsers of HTTP and of events stumble over.</summary>
    private static readonly byte[][] Words =
    [
        "\r\n"u8.ToArray(),
        "\n"u8.ToArray(),
        "\r"u8.ToArray(),
        "\n\n"u8.ToArray(),
        "\0"u8.ToArray(),
        " "u8.ToArray(),
        ":"u8.ToArray(),
        ";x="u8.ToArray(),
        "0\r\n\r\n"u8.ToArray(),
        "ffffffffffffffff\r\n"u8.ToArray(),
        "Content-Length: 3\r\n"u8.ToArray(),
        "Transfer-Encoding: chunked\r\n"u8.ToArray(),
        "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(),
        "data: "u8.ToArray(),
        "data: [DONE]\n\n"u8.ToArray(),
        "\"finish_reason\":\"stop\""u8.ToArray(),
        "\"usage\":{}"u8.ToArray(),
        [0xff, 0xc3],
    ];

    public static byte[] Of(byte[] seed, IReadOnlyList<byte[]> corpus, Chance chance)
    {
        var bytes = new List<byte>(seed);
        for (var changes = 1 + chance.Next(MostChanges); changes > 0; changes--)
        {
            Change(bytes, corpus, chance);
        }

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, IReadOnlyList<byte[]> corpus, Chance chance)
    {
        var at = chance.Next(bytes.Count + 1);
        var some = Math.Min(bytes.Count - at, 1 + chance.Next(16));
        switch (chance.Next(5))
        {
            case 0 when some > 0:
                bytes[at] = (byte)chance.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, some);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, some));
                break;
            case 3:
                var other = corpus[chance.Next(corpus.Count)];
                var from = chance.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 64)]);
                break;
            default:
                bytes.InsertRange(at, Words[chance.Next(Words.Length)]);
                break;
        }
    }
}

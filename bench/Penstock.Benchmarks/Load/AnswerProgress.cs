using System.Buffers.Text;
using System.Text;

namespace Penstock.Benchmarks.Load;

/// <summary>How far an answer has come, by as little looking as will do.</summary>
internal struct AnswerProgress(bool stream)
{
    private long _missing = long.MaxValue;
    private bool _begun;

    /// <summary>It began with a 200.</summary>
    public bool IsGood { get; private set; }

    public bool IsWhole { get; private set; }

    /// <param name="bytes">The end of the read before, then this read.</param>
    /// <param name="from">Where this read begins.</param>
    /// <returns>Events that ended in this read.</returns>
    public int Take(ReadOnlySpan<byte> bytes, int from)
    {
        var read = bytes[from..];
        if (!_begun)
        {
            _begun = true;
            IsGood = read.StartsWith("HTTP/1.1 200"u8);
            _missing = LengthOf(read);
        }
        if (_missing != long.MaxValue)
        {
            _missing -= read.Length;
            IsWhole = _missing <= 0;
            return 0;
        }

        IsWhole = bytes.EndsWith("\r\n0\r\n\r\n"u8);
        // An event ends with an empty line; its last byte at least is in this read.
        return stream ? bytes[(from - 2)..].Count("}\n\n"u8) : 0;
    }

    /// <summary>Bytes of head and body together, when the head gives a length.</summary>
    private static long LengthOf(ReadOnlySpan<byte> read)
    {
        var end = read.IndexOf("\r\n\r\n"u8);
        var name = "content-length: "u8;
        for (
            var head = read[..Math.Max(0, end)];
            head.IndexOf((byte)'\n') is >= 0 and var line;
            head = head[(line + 1)..]
        )
        {
            var next = head[(line + 1)..];
            if (next.Length > name.Length && Ascii.EqualsIgnoreCase(next[..name.Length], name))
            {
                Utf8Parser.TryParse(next[name.Length..], out long length, out _);
                return end + 4 + length;
            }
        }
        return long.MaxValue;
    }
}

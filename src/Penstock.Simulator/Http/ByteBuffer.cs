using System.Globalization;
using System.Text;

namespace Penstock.Simulator.Http;

/// <summary>
/// A growing byte array that is filled again and again: what a connection writes is built in it without garbage.
/// </summary>
internal sealed class ByteBuffer(int capacity)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public ByteBuffer Add(ReadOnlySpan<byte> more)
    {
        more.CopyTo(Room(more.Length));
        Length += more.Length;
        return this;
    }

    public ByteBuffer Add(byte one)
    {
        Room(1)[0] = one;
        Length++;
        return this;
    }

    public ByteBuffer Add(string text)
    {
        var room = Room(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, room);
        return this;
    }

    public ByteBuffer Add(long number) => Format(number, default);

    public ByteBuffer Add(double number) => Format(number, "R");

    public ByteBuffer AddHex(int number) => Format(number, "x");

    public byte[] ToArray() => Span.ToArray();

    private ByteBuffer Format<T>(T number, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        // 32 bytes hold every long and every double.
        number.TryFormat(Room(32), out var written, format, CultureInfo.InvariantCulture);
        Length += written;
        return this;
    }

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }
}

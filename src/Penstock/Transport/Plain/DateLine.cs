using System.Buffers.Text;

namespace Penstock.Transport.Plain;

/// <summary>The <c>Date</c> header, made once a second.</summary>
internal sealed class DateLine(TimeProvider time)
{
    private static readonly byte[] Name = "Date: "u8.ToArray();

    private Made? _made;

    /// <returns>The line with its line end.</returns>
    public ReadOnlySpan<byte> Now
    {
        get
        {
            var now = time.GetUtcNow();
            var second = now.ToUnixTimeSeconds();
            var made = Volatile.Read(ref _made);
            if (made?.Second != second)
            {
                Volatile.Write(ref _made, made = new Made(second, Line(now)));
            }

            return made.Line;
        }
    }

    private static byte[] Line(DateTimeOffset now)
    {
        const int length = 29;
        var line = new byte[Name.Length + length + 2];
        Name.CopyTo(line, 0);
        Utf8Formatter.TryFormat(now, line.AsSpan(Name.Length), out _, 'R');
        "\r\n"u8.CopyTo(line.AsSpan(Name.Length + length));
        return line;
    }

    private sealed record Made(long Second, byte[] Line);
}

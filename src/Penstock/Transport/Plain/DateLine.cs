using System.Buffers.Text;
using Penstock.Primitives;

namespace Penstock.Transport.Plain;

/// <summary>The <c>Date</c> header, made once a second: an answer has no need to ask for the time.</summary>
internal sealed class DateLine(TimeProvider time) : IBeating
{
    private const int DateLength = 29;

    private byte[] _line = Line(time.GetUtcNow());
    private long _second;

    /// <returns>The line with its line end, at most one beat old.</returns>
    public ReadOnlySpan<byte> Now => Volatile.Read(ref _line);

    public void Beat(long now)
    {
        var utc = time.GetUtcNow();
        var second = utc.ToUnixTimeSeconds();
        if (second != _second)
        {
            _second = second;
            Volatile.Write(ref _line, Line(utc));
        }
    }

    private static byte[] Line(DateTimeOffset now)
    {
        byte[] line = [.. "Date: "u8, .. new byte[DateLength], .. "\r\n"u8];
        Utf8Formatter.TryFormat(now, line.AsSpan("Date: "u8.Length), out _, 'R');
        return line;
    }
}

using System.Globalization;

namespace Penstock.Observability;

/// <summary>The moment that a line begins with. Its text is made once a second; only milliseconds are written each time.</summary>
internal sealed class LogStamp
{
    /// <summary>As in <c>2026-05-04T03:02:01.999Z</c>.</summary>
    public const int Bytes = 24;

    private Second? _latest;

    public void Write(DateTimeOffset moment, Span<byte> stamp)
    {
        var number = moment.UtcTicks / TimeSpan.TicksPerSecond;
        var second = Volatile.Read(ref _latest);
        if (second?.Number != number)
        {
            Volatile.Write(ref _latest, second = new Second(number, Text(moment)));
        }

        second.Text.CopyTo(stamp);
        var millisecond = (int)(moment.UtcTicks / TimeSpan.TicksPerMillisecond % 1_000);
        stamp[20] = (byte)('0' + (millisecond / 100));
        stamp[21] = (byte)('0' + (millisecond / 10 % 10));
        stamp[22] = (byte)('0' + (millisecond % 10));
    }

    private static byte[] Text(DateTimeOffset moment)
    {
        // The round-trip form has a fast path of its own; behind its milliseconds it is cut off.
        Span<byte> whole = stackalloc byte[28];
        moment.UtcDateTime.TryFormat(whole, out _, "O", CultureInfo.InvariantCulture);
        var text = whole[..Bytes].ToArray();
        text[^1] = (byte)'Z';
        return text;
    }

    private sealed record Second(long Number, byte[] Text);
}

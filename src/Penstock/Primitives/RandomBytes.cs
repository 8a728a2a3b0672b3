using System.Security.Cryptography;

namespace Penstock.Primitives;

/// <summary>
/// Unpredictable bytes, asked of the system by the kilobyte: asking for each request's few costs more than making the
/// whole id.
/// </summary>
internal static class RandomBytes
{
    private const int StockBytes = 1024;

    [ThreadStatic]
    private static byte[]? _stock;

    [ThreadStatic]
    private static int _left;

    /// <summary>Bytes that nobody else is given; valid until this thread asks again.</summary>
    public static ReadOnlySpan<byte> Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, StockBytes);
        var stock = _stock ??= new byte[StockBytes];
        if (_left < count)
        {
            RandomNumberGenerator.Fill(stock);
            _left = StockBytes;
        }

        _left -= count;
        return stock.AsSpan(_left, count);
    }
}

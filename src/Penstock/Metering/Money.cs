namespace Penstock.Metering;

/// <summary>
/// Money as people write it and as it is kept: prices in whole micro-units, costs and balances in whole nano-units of
/// whatever currency the operator means. No floating point on the way.
/// </summary>
internal static class Money
{
    private const decimal MicrosPerUnit = 1_000_000m;
    private const decimal NanosPerUnit = 1_000_000_000m;

    public const long NanosPerMicro = 1_000;

    /// <summary>Nine billion units: what fits into a 64-bit number of nano-units.</summary>
    public const double Most = 9_000_000_000;

    public static decimal OfNanos(long nanos) => nanos / NanosPerUnit;

    public static decimal OfMicros(long micros) => micros / MicrosPerUnit;

    public static long ToNanos(decimal units) => (long)(units * NanosPerUnit);

    /// <returns>False: it is finer than a millionth.</returns>
    public static bool TryMicros(decimal units, out long micros)
    {
        var scaled = units * MicrosPerUnit;
        micros = (long)scaled;
        return micros == scaled;
    }
}

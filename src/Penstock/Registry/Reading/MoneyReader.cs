using Penstock.Metering;

namespace Penstock.Registry.Reading;

/// <summary>Reads amounts of money, exactly or not at all.</summary>
internal static class MoneyReader
{
    /// <summary>In whole micro-units.</summary>
    public static long? Micros(Fields fields, string name, long? current)
    {
        var shown = current is { } known ? (double)Money.OfMicros(known) : (double?)null;
        if (fields.Number(name, shown, null) is not { } number)
        {
            return null;
        }

        if (!fields.HasValue(name))
        {
            return current;
        }

        // A double of up to fifteen digits becomes the decimal that was written.
        if (Math.Abs(number) <= Money.Most && Money.TryMicros((decimal)number, out var micros))
        {
            return micros;
        }

        if (Math.Abs(number) <= Money.Most)
        {
            fields.Report(name, MistakeCodes.InvalidValue, "must have six decimals at most");
        }

        return current;
    }

    /// <summary>A price has both of its main parts: one that was forgotten is not meant as free.</summary>
    public static TokenPrice? Price(Fields fields, TokenPrice? from)
    {
        if (fields.Object("price") is not { } price)
        {
            return fields.Has("price") ? null : from;
        }

        return new TokenPrice(
            Micros(price, "prompt", null) ?? 0,
            Micros(price, "cached", null),
            Micros(price, "completion", null) ?? 0
        );
    }
}

using System.Text.Json;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>What several schemas together allow a number to be.</summary>
internal sealed record NumberRange(
    double Min,
    bool MinExcluded,
    double Max,
    bool MaxExcluded,
    IReadOnlyList<double> Multiples
)
{
    public static NumberRange Of(IEnumerable<JsonElement> schemas)
    {
        var range = new NumberRange(double.NegativeInfinity, false, double.PositiveInfinity, false, []);
        foreach (var schema in schemas)
        {
            range = range.And(schema);
        }

        return range;
    }

    public bool Contains(double value) =>
        (MinExcluded ? value > Min : value >= Min)
        && (MaxExcluded ? value < Max : value <= Max)
        && Multiples.All(m => IsMultiple(value, m));

    /// <summary>A number inside, whole where that is possible and always where it is asked for.</summary>
    public double Pick(bool isInteger, ref Dice dice)
    {
        var step = Multiples.Count > 0 ? Multiples.Max() : 1;
        var low = double.IsInfinity(Min) ? Math.Min(double.IsInfinity(Max) ? 1 : Max - (100 * step), 1) : Min;
        var first = Math.Ceiling(low / step) * step;
        if (MinExcluded && first <= Min)
        {
            first += step;
        }

        var last = double.IsInfinity(Max) ? first + (99 * step) : Max;
        var count = (int)Math.Min(Math.Floor((last - first) / step), 99) + 1;
        for (var tries = 0; tries < 100 && count > 0; tries++)
        {
            var value = Round(first + (dice.Next(count) * step));
            if (Contains(value) && (!isInteger || Math.Floor(value).Equals(value)))
            {
                return value;
            }
        }

        return isInteger || double.IsInfinity(Min) || double.IsInfinity(Max) ? first : Between(ref dice);
    }

    private double Between(ref Dice dice)
    {
        var middle = Round(Min + ((Max - Min) * (0.25 + (dice.Share() / 2))));
        return Contains(middle) ? middle
            : Contains(Min) ? Min
            : Contains(Max) ? Max
            : (Min + Max) / 2;
    }

    private NumberRange And(JsonElement schema)
    {
        var range = this;
        var minExclusive = schema.TryGetProperty("exclusiveMinimum", out var low);
        var maxExclusive = schema.TryGetProperty("exclusiveMaximum", out var high);
        if (schema.TryGetProperty("minimum", out var min) && min.ValueKind == JsonValueKind.Number)
        {
            // Draft 4 spelled exclusion as a flag beside the limit.
            range = range.From(min.GetDouble(), minExclusive && low.ValueKind == JsonValueKind.True);
        }

        if (minExclusive && low.ValueKind == JsonValueKind.Number)
        {
            range = range.From(low.GetDouble(), excluded: true);
        }

        if (schema.TryGetProperty("maximum", out var max) && max.ValueKind == JsonValueKind.Number)
        {
            range = range.To(max.GetDouble(), maxExclusive && high.ValueKind == JsonValueKind.True);
        }

        if (maxExclusive && high.ValueKind == JsonValueKind.Number)
        {
            range = range.To(high.GetDouble(), excluded: true);
        }

        return
            schema.TryGetProperty("multipleOf", out var multiple)
            && multiple.ValueKind == JsonValueKind.Number
            && multiple.GetDouble() > 0
            ? range with
            {
                Multiples = [.. Multiples, multiple.GetDouble()],
            }
            : range;
    }

    private NumberRange From(double value, bool excluded) =>
        value > Min || (value.Equals(Min) && excluded) ? this with { Min = value, MinExcluded = excluded } : this;

    private NumberRange To(double value, bool excluded) =>
        value < Max || (value.Equals(Max) && excluded) ? this with { Max = value, MaxExcluded = excluded } : this;

    private static bool IsMultiple(double value, double of)
    {
        var times = value / of;
        return Math.Abs(times - Math.Round(times)) <= 1e-9 * Math.Max(Math.Abs(times), 1);
    }

    // Twelve digits: the sum of a few hundred steps of 0.01 must not end in ...00000001.
    private static double Round(double value) => Math.Abs(value) < 1e6 ? Math.Round(value, 12) : value;
}

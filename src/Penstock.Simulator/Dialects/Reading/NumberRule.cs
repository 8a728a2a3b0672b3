using System.Globalization;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>The range of a number and what an engine says of one outside of it.</summary>
/// <param name="Field">The field.</param>
/// <param name="Least">The smallest number that passes.</param>
/// <param name="Most">The largest number that passes.</param>
/// <param name="Words">The refusal, <c>{0}</c> for the value as Python prints it.</param>
internal sealed record NumberRule(string Field, double Least, double Most, string Words)
{
    // The smallest step above a bound that is not itself allowed.
    public const double AboveZero = double.Epsilon;

    public static void Check(RequestFields fields, IEnumerable<NumberRule> rules)
    {
        foreach (var rule in rules)
        {
            if (fields.Number(rule.Field) is { } value && !(value >= rule.Least && value <= rule.Most))
            {
                throw fields.Senseless(
                    string.Format(CultureInfo.InvariantCulture, rule.Words, Python(value)),
                    rule.Field,
                    Python(value)
                );
            }
        }
    }

    /// <summary>3 is 3.0.</summary>
    private static string Python(double value) =>
        Math.Floor(value).Equals(value) && Math.Abs(value) < 1e16
            ? value.ToString("F1", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
}

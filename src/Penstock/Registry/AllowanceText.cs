using System.Globalization;
using Penstock.Keys;
using Penstock.Metering;

namespace Penstock.Registry;

/// <summary>Token limits and budgets as the declarative file has them.</summary>
internal static class AllowanceText
{
    public static string Of(Allowance limits)
    {
        (string Name, IFormattable? Value)[] members =
        [
            ("tokens_per_minute", limits.TokensPerMinute),
            ("concurrent_requests", limits.ConcurrentRequests),
            ("tokens_per_day", limits.TokensPerDay),
            ("tokens_per_month", limits.TokensPerMonth),
            ("spend_per_day", Amount(limits.SpendPerDay)),
            ("spend_per_month", Amount(limits.SpendPerMonth)),
        ];
        var given = members
            .Where(member => member.Value is not null)
            .Select(member => $"{member.Name}: {member.Value!.ToString(null, CultureInfo.InvariantCulture)}");
        return $"{{ {string.Join(", ", given)} }}";
    }

    private static decimal? Amount(long? nanos) => nanos is { } known ? Money.OfNanos(known) : null;
}

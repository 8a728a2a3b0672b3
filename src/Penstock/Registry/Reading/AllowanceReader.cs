using Penstock.Keys;
using Penstock.Metering;

namespace Penstock.Registry.Reading;

/// <summary>Reads the <c>limits</c> of a plan, a workspace or a key.</summary>
internal static class AllowanceReader
{
    public const string Field = "limits";

    public static Allowance Read(Fields fields, Allowance from)
    {
        if (fields.Object(Field) is not { } limits)
        {
            return fields.Has(Field) ? Allowance.Unlimited : from;
        }

        return new Allowance
        {
            TokensPerMinute = limits.Integer("tokens_per_minute", from.TokensPerMinute, null),
            ConcurrentRequests = limits.Integer("concurrent_requests", from.ConcurrentRequests, null),
            TokensPerDay = limits.Long("tokens_per_day", from.TokensPerDay, null),
            TokensPerMonth = limits.Long("tokens_per_month", from.TokensPerMonth, null),
            SpendPerDay =
                MoneyReader.Micros(limits, "spend_per_day", from.SpendPerDay / Money.NanosPerMicro)
                * Money.NanosPerMicro,
            SpendPerMonth =
                MoneyReader.Micros(limits, "spend_per_month", from.SpendPerMonth / Money.NanosPerMicro)
                * Money.NanosPerMicro,
        };
    }
}

using System.Globalization;
using Penstock.Contracts;

namespace Penstock.Cli.Output;

/// <summary>Token limits and budgets in one line.</summary>
internal static class AllowanceText
{
    public static string Of(AllowanceShape? limits)
    {
        if (limits is null || limits == new AllowanceShape())
        {
            return "none";
        }

        (string Name, IFormattable? Value)[] members =
        [
            ("tokens_per_minute", limits.TokensPerMinute),
            ("concurrent_requests", limits.ConcurrentRequests),
            ("tokens_per_day", limits.TokensPerDay),
            ("tokens_per_month", limits.TokensPerMonth),
            ("spend_per_day", limits.SpendPerDay),
            ("spend_per_month", limits.SpendPerMonth),
        ];
        return string.Join(
            ", ",
            members
                .Where(member => member.Value is not null)
                .Select(member => $"{member.Name} {member.Value!.ToString(null, CultureInfo.InvariantCulture)}")
        );
    }
}

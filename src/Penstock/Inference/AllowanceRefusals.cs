using System.Globalization;
using Penstock.Keys;
using Penstock.Limits;
using Penstock.Metering;

namespace Penstock.Inference;

/// <summary>What a caller is told when a token limit, a budget or a balance refuses: whose, which, and how much it is.</summary>
internal static class AllowanceRefusals
{
    public static InferenceRefusal Of(in AllowanceVerdict verdict, KeyGrant grant)
    {
        var whose = verdict.OfWorkspace ? $"All keys of workspace '{grant.Workspace}' together" : "This key";
        var limit = verdict.Limit.ToString(CultureInfo.InvariantCulture);
        var money = Money.OfNanos(verdict.Limit).ToString(CultureInfo.InvariantCulture);
        var later = $"Try again in {verdict.RetryAfterSeconds} s.";
        return verdict.Refused switch
        {
            AllowanceKind.TokensPerMinute => Soon(
                InferenceEnding.TokensLimited,
                $"{whose} may use {limit} tokens a minute. {later}",
                verdict
            ),
            AllowanceKind.ConcurrentRequests => Soon(
                InferenceEnding.ConcurrencyLimited,
                $"{whose} may have {limit} requests under way at a time. {later}",
                verdict
            ),
            AllowanceKind.TokensPerDay => Budget($"{whose} may use {limit} tokens a day (UTC). {later}", verdict),
            AllowanceKind.TokensPerMonth => Budget($"{whose} may use {limit} tokens a month (UTC). {later}", verdict),
            AllowanceKind.SpendPerDay => Budget($"{whose} may spend {money} a day (UTC). {later}", verdict),
            AllowanceKind.SpendPerMonth => Budget($"{whose} may spend {money} a month (UTC). {later}", verdict),
            AllowanceKind.Credit => new(
                InferenceEnding.InsufficientCredits,
                $"The balance of workspace '{grant.Workspace}' does not cover this request. Add credits."
            )
            {
                AttemptsSpent = true,
            },
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict.Refused, "A limit without a refusal."),
        };
    }

    private static InferenceRefusal Soon(InferenceEnding ending, string message, in AllowanceVerdict verdict) =>
        new(ending, message) { RetryAfterSeconds = verdict.RetryAfterSeconds };

    /// <summary>A client library that tries again by itself would wait for the next day.</summary>
    private static InferenceRefusal Budget(string message, in AllowanceVerdict verdict) =>
        new(InferenceEnding.BudgetExceeded, message)
        {
            RetryAfterSeconds = verdict.RetryAfterSeconds,
            AttemptsSpent = true,
        };
}

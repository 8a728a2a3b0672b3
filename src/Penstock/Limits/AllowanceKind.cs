namespace Penstock.Limits;

/// <summary>Which of a holder's limits has refused a request.</summary>
internal enum AllowanceKind
{
    None,
    TokensPerMinute,
    ConcurrentRequests,
    TokensPerDay,
    TokensPerMonth,
    SpendPerDay,
    SpendPerMonth,
    Credit,
}

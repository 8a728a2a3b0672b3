namespace Penstock.Contracts;

/// <summary>What may be used in a time: absent or null members limit nothing.</summary>
public sealed record AllowanceShape
{
    /// <summary>Prompt and completion tokens a minute.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Requests under way at a time.</summary>
    public int? ConcurrentRequests { get; init; }

    public long? TokensPerDay { get; init; }
    public long? TokensPerMonth { get; init; }

    /// <summary>In the currency of the prices.</summary>
    public decimal? SpendPerDay { get; init; }

    public decimal? SpendPerMonth { get; init; }
}

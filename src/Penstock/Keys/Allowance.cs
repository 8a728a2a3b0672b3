namespace Penstock.Keys;

/// <summary>What one key, or all keys of one workspace together, may use; a null limits nothing. Immutable.</summary>
internal sealed record Allowance
{
    public static Allowance Unlimited { get; } = new();

    /// <summary>Prompt and completion tokens of a minute.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Requests under way at a time.</summary>
    public int? ConcurrentRequests { get; init; }

    /// <summary>Tokens of a day of UTC.</summary>
    public long? TokensPerDay { get; init; }

    /// <summary>Tokens of a calendar month of UTC.</summary>
    public long? TokensPerMonth { get; init; }

    /// <summary>Nano-units of the operator's currency.</summary>
    public long? SpendPerDay { get; init; }

    public long? SpendPerMonth { get; init; }

    /// <summary>What this one leaves open, another one says.</summary>
    public Allowance Or(Allowance other)
    {
        var both = new Allowance
        {
            TokensPerMinute = TokensPerMinute ?? other.TokensPerMinute,
            ConcurrentRequests = ConcurrentRequests ?? other.ConcurrentRequests,
            TokensPerDay = TokensPerDay ?? other.TokensPerDay,
            TokensPerMonth = TokensPerMonth ?? other.TokensPerMonth,
            SpendPerDay = SpendPerDay ?? other.SpendPerDay,
            SpendPerMonth = SpendPerMonth ?? other.SpendPerMonth,
        };
        // One object for all who are not bounded: a request sees at a glance that it is the same.
        return both == Unlimited ? Unlimited : both;
    }
}

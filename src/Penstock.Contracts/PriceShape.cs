namespace Penstock.Contracts;

/// <summary>What a million tokens cost, in whatever currency the operator means; six decimals at most.</summary>
public sealed record PriceShape
{
    public decimal? Prompt { get; init; }

    /// <summary>Of prompt tokens that the engine found in its cache; absent: as much as any other.</summary>
    public decimal? Cached { get; init; }

    public decimal? Completion { get; init; }
}

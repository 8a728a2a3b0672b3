namespace Penstock.Contracts;

/// <summary>A tenant: keys and deployments belong to one, and it has one plan.</summary>
public sealed record WorkspaceResource
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Plan { get; init; }

    /// <summary>What its keys may use together; absent: as much as they like.</summary>
    public AllowanceShape? Limits { get; init; }

    /// <summary>What it has ever been credited with; absent: it does not pay beforehand.</summary>
    public decimal? Credited { get; init; }

    /// <summary>What is left of it; in the answer to <c>credit</c> only, since every request changes it.</summary>
    public decimal? Balance { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

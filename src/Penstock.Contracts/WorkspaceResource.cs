namespace Penstock.Contracts;

/// <summary>A tenant: keys and deployments belong to one, and it has one plan.</summary>
public sealed record WorkspaceResource
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Plan { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

namespace Penstock.Contracts;

/// <summary>What <c>POST /admin/v1/apply</c> changed, or would change in a dry run.</summary>
public sealed record ApplyResult
{
    public required IReadOnlyList<ApplyChange> Changes { get; init; }
}

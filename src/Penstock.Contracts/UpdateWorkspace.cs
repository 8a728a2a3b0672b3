namespace Penstock.Contracts;

/// <summary>Body of <c>PATCH /admin/v1/workspaces/{workspace}</c>: what is absent stays as it is.</summary>
public sealed record UpdateWorkspace
{
    public string? Name { get; init; }
    public string? Plan { get; init; }

    /// <summary>Members that are absent stay.</summary>
    public AllowanceShape? Limits { get; init; }
}

namespace Penstock.Contracts;

/// <summary>Body of <c>POST /admin/v1/workspaces</c>. The server says what is missing, all of it at once.</summary>
public sealed record CreateWorkspace
{
    public string? Name { get; init; }

    /// <summary>Absent: the server's default plan.</summary>
    public string? Plan { get; init; }

    /// <summary>What its keys may use together.</summary>
    public AllowanceShape? Limits { get; init; }
}

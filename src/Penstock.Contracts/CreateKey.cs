namespace Penstock.Contracts;

/// <summary>
/// Body of <c>POST /admin/v1/keys</c>. Neither <see cref="Sha256"/> nor <see cref="Secret"/>: the server makes the
/// secret and answers with it.
/// </summary>
public sealed record CreateKey
{
    /// <summary>The workspace's name or id.</summary>
    public string? Workspace { get; init; }

    public string? Name { get; init; }
    public int? RequestsPerMinute { get; init; }
    public int? Burst { get; init; }

    /// <summary>What it may use; absent: what the plan says.</summary>
    public AllowanceShape? Limits { get; init; }

    /// <summary>Absent: every model of the workspace.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    public IReadOnlyList<string>? Permissions { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Hash of a key that the operator brings along, 64 hex digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>A key that the operator brings along; only its hash is kept.</summary>
    public string? Secret { get; init; }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"CreateKey {{ Workspace = {Workspace}, Name = {Name} }}";
}

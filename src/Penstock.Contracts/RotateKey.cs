namespace Penstock.Contracts;

/// <summary>Body of <c>POST /admin/v1/keys/{id}/rotate</c>.</summary>
public sealed record RotateKey
{
    /// <summary>How long the old secret goes on working, as in <c>24h</c>; absent: the server's default.</summary>
    public string? Grace { get; init; }
}

namespace Penstock.Contracts;

/// <summary>Body of <c>POST /admin/v1/deployments/{id}/drain</c>; may be left out.</summary>
public sealed record DrainDeployment
{
    /// <summary>The URL of one replica; absent: all of them.</summary>
    public string? Replica { get; init; }

    /// <summary>Puts it back into use.</summary>
    public bool? Undo { get; init; }
}

namespace Penstock.Registry;

/// <summary>What the keys of a workspace may ask for. Immutable, known by its name.</summary>
internal sealed record Plan
{
    public required string Name { get; init; }

    /// <summary>Requests a minute of a key that has no limit of its own; null only where there are no keys.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most a key may ask for; null only where there are no keys.</summary>
    public int? MaxRequestsPerMinute { get; init; }

    /// <summary>Requests that may stand in a key's bucket at once; null: a tenth of the key's limit.</summary>
    public int? Burst { get; init; }

    /// <summary>Whether its workspaces may have keys at all.</summary>
    public bool Keys { get; init; } = true;

    /// <summary>0 to 9: its workspaces' weight where requests wait for each other, 0 the lowest.</summary>
    public int Priority { get; init; }
}

using Penstock.Probing;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>What a look into a store showed that another process may be using.</summary>
internal sealed record StoreFindings
{
    /// <summary>There is one.</summary>
    public required bool Exists { get; init; }

    /// <summary>Why it cannot be used or not be read, and what to do; null: it can.</summary>
    public string? Problem { get; init; }

    /// <summary>What the database itself finds damaged.</summary>
    public IReadOnlyList<string> Damage { get; init; } = [];

    /// <summary>Number of the newest step of the schema that this program knows.</summary>
    public int NewestSchema { get; init; }

    /// <summary>Steps that the next start will add.</summary>
    public int MissingSteps { get; init; }

    /// <summary>When the newest row of the audit says it was written.</summary>
    public DateTimeOffset? LastChange { get; init; }

    /// <summary>What it holds; null when it could not be read.</summary>
    public RegistryState? State { get; init; }

    /// <summary>The capability cards it holds.</summary>
    public IReadOnlyList<StoredCard> Cards { get; init; } = [];
}

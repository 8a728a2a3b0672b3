namespace Penstock.Storage.Redis.Slices;

/// <summary>
/// Tokens of the requests that began between two messages of a slice: told together, they count in one second. What they
/// turn out to use is put right in that second.
/// </summary>
internal sealed class ClaimGroup
{
    /// <summary>Asked for by those that run, used by those that have ended; until it is told.</summary>
    public long Tokens { get; set; }

    /// <summary>What is to be put right of what was told.</summary>
    public long Amends { get; set; }

    /// <summary>Requests that still run.</summary>
    public int Running { get; set; }

    /// <summary>Of the server, when it was told; null: it was not, or nobody knows when, and nothing is put right.</summary>
    public long? Second { get; set; }

    /// <summary>Timestamp of its message.</summary>
    public long ToldAt { get; set; }
}

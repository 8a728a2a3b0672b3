namespace Penstock.Engines;

/// <summary>Where an engine tells its load, and how that is read.</summary>
/// <param name="Path">Reading it disturbs nobody else who reads it.</param>
/// <param name="Read">Unknown for a body that makes no sense.</param>
internal sealed record LoadSource(string Path, LoadReader Read)
{
    /// <summary>Asked where this one is not there (older releases, a feature switched off); null: no other.</summary>
    public LoadSource? Otherwise { get; init; }
}

/// <summary>Reads a load from an answer's body.</summary>
internal delegate EngineLoad LoadReader(ReadOnlySpan<byte> body);

namespace Penstock.Primitives;

/// <summary>What one step of reading brought.</summary>
internal enum ReadStep
{
    /// <summary>Bytes.</summary>
    Data,

    /// <summary>All has been read.</summary>
    End,

    /// <summary>Nothing: the time that <see cref="IByteSource.WakeAt"/> asked for has come.</summary>
    Woken,

    /// <summary>No more will come, and it is not the end.</summary>
    Failed,

    /// <summary>Nothing yet: see <see cref="IByteSource.WaitAsync"/>.</summary>
    Pending,
}

/// <summary>Bytes that arrive over time, with a clock beside them. One reader.</summary>
internal interface IByteSource
{
    /// <summary>Reads the next bytes if they are there; <see cref="Payload"/> holds them.</summary>
    ReadStep TryRead();

    /// <summary>Waits until <see cref="TryRead"/> may bring something else than <see cref="ReadStep.Pending"/>.</summary>
    ValueTask WaitAsync();

    /// <summary>What the last read brought; valid until the next.</summary>
    ReadOnlyMemory<byte> Payload { get; }

    /// <summary>It is known that nothing stands behind <see cref="Payload"/>; not every source knows before it looks.</summary>
    bool IsWhole => false;

    /// <summary>Timestamp at which a waiting reader is woken; <see cref="long.MaxValue"/>: never.</summary>
    long WakeAt { get; set; }
}

using System.Buffers;
using System.Net;

namespace Penstock.Transport;

/// <summary>
/// A connection that the gateway opens. One reader and one writer at a time; <see cref="Abort"/> may come from any
/// thread.
/// </summary>
internal abstract class Wire : IDisposable
{
    public abstract ValueTask ConnectAsync(EndPoint endPoint);

    /// <summary>Sends what the system takes at once.</summary>
    /// <returns>Bytes sent, 0 where that cannot be told without waiting.</returns>
    public virtual int TrySend(ReadOnlySpan<byte> bytes) => 0;

    /// <summary>Sends all of it, in one call where the system takes it.</summary>
    public abstract ValueTask SendAsync(ReadOnlySequence<byte> bytes);

    /// <returns>Bytes read, 0 at the end, −1 when there is nothing yet.</returns>
    public abstract int TryReceive(Span<byte> buffer);

    /// <summary>Waits until there may be something to receive, or somebody wakes the reader.</summary>
    public abstract ValueTask WaitAsync();

    /// <summary>Lets a waiting reader look around; from any thread.</summary>
    public abstract void Wake();

    /// <summary>False when it is known already that an idle connection is of no more use.</summary>
    public abstract bool IsQuiet { get; }

    /// <summary>The event loop it lives on, −1 when there is none.</summary>
    public abstract int Loop { get; }

    /// <summary>Closes at once; whatever is pending fails.</summary>
    public abstract void Abort();

    public abstract void Dispose();
}

using System.Buffers;
using System.Numerics;
using Microsoft.AspNetCore.Connections;
using Penstock.Primitives;

namespace Penstock.Transport;

/// <summary>
/// The memory of the server's pipes, in blocks of 64 KiB where Kestrel's own are of 4: a long prompt arrives in a few
/// large reads instead of dozens of small ones. Connections that wait hold none. One pool for all pipes.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>, IMemoryPoolFactory<byte>, IBeating
{
    /// <summary>A third of the CPU of a 256 KB prompt went into small reads; larger blocks than this gain nothing.</summary>
    public const int BlockBytes = 64 * 1024;

    /// <summary>Long enough that a steady load keeps its blocks, short enough that a burst does not stay paid for.</summary>
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(10);

    // A shelf for each processor: threads that read and write all the time hardly ever meet at one.
    private readonly BlockShelf[] _shelves;
    private readonly long _interval;
    private long _trimAt;

    public BlockPool(TimeProvider time)
    {
        var count = BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);
        _shelves = [.. Enumerable.Range(0, (int)count).Select(_ => new BlockShelf())];
        _interval = time.Ticks(TrimInterval);
        _trimAt = time.GetTimestamp() + _interval;
    }

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        var block = TakeIdle() ?? new Block(this);
        block.Lend();
        return block;
    }

    public void TakeBack(Block block) => OwnShelf.Put(block);

    int IBeating.Place { get; set; } = -1;

    void IBeating.Beat(long now)
    {
        if (now < _trimAt)
        {
            return;
        }

        _trimAt = now + _interval;
        foreach (var shelf in _shelves)
        {
            shelf.Trim();
        }
    }

    MemoryPool<byte> IMemoryPoolFactory<byte>.Create(MemoryPoolOptions? options) => this;

    /// <summary>Whoever was given the pool may dispose of it; it goes on for the others.</summary>
    protected override void Dispose(bool disposing) { }

    private int OwnIndex => Environment.CurrentManagedThreadId & (_shelves.Length - 1);

    private BlockShelf OwnShelf => _shelves[OwnIndex];

    private Block? TakeIdle()
    {
        var own = OwnIndex;
        for (var i = 0; i < _shelves.Length; i++)
        {
            if (_shelves[(own + i) & (_shelves.Length - 1)].Take() is { } block)
            {
                return block;
            }
        }
        return null;
    }
}

using System.Buffers;

namespace Penstock.Transport;

/// <summary>One block of a <see cref="BlockPool"/>. A lease: given back once, whoever disposes of it how often.</summary>
internal sealed class Block(BlockPool pool) : IMemoryOwner<byte>
{
    // On the heap of pinned objects: the kernel may write into it, and no collection ever moves it.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(BlockPool.BlockBytes, pinned: true);
    private int _lent;

    public Memory<byte> Memory => _bytes;

    public void Lend() => Volatile.Write(ref _lent, 1);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _lent, 0) == 1)
        {
            pool.TakeBack(this);
        }
    }
}

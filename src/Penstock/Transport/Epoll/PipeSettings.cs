using System.Buffers;
using System.IO.Pipelines;

namespace Penstock.Transport.Epoll;

/// <summary>How the pipes of a connection are made.</summary>
/// <param name="mostUnread">Bytes read from a caller and not handled yet; null: no bound.</param>
/// <param name="mostUnsent">Bytes of answers that the caller has not taken yet; null: no bound.</param>
internal sealed class PipeSettings(MemoryPool<byte> pool, long? mostUnread, long? mostUnsent)
{
    public MemoryPool<byte> Pool { get; } = pool;

    public PipeOptions Input { get; } = Make(pool, mostUnread);

    public PipeOptions Output { get; } = Make(pool, mostUnsent);

    private static PipeOptions Make(MemoryPool<byte> pool, long? most) =>
        new(
            pool,
            PipeScheduler.Inline,
            PipeScheduler.Inline,
            pauseWriterThreshold: most ?? 0,
            resumeWriterThreshold: (most ?? 0) / 2,
            useSynchronizationContext: false
        );
}

namespace Penstock.Transport.Epoll;

/// <summary>The event loops, one for each processor, and whose turn it is.</summary>
internal sealed class EventLoops : IDisposable
{
    private readonly EventLoop[] _loops;
    private uint _turn;

    /// <param name="count">0: one for each processor.</param>
    public EventLoops(int count)
    {
        var many = count > 0 ? count : Environment.ProcessorCount;
        _loops = [.. Enumerable.Range(0, many).Select(static index => new EventLoop(index))];
    }

    public int Count => _loops.Length;

    /// <summary>The loop of this thread, or the next one in turn.</summary>
    public EventLoop Own => EventLoop.Current ?? Next;

    /// <summary>One after the other, so that each has its share.</summary>
    public EventLoop Next => _loops[Interlocked.Increment(ref _turn) % (uint)_loops.Length];

    public void Dispose()
    {
        foreach (var loop in _loops)
        {
            loop.Dispose();
        }
    }
}

using System.Threading.Tasks.Sources;

namespace Penstock.Transport.Epoll;

/// <summary>
/// Something has happened that one waiter wants to know of. Raised before anybody waits, it is remembered once. The
/// waiter goes on inside <see cref="Raise"/>, on the thread of the event loop. Allocates nothing.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    private const int Quiet = 0;
    private const int Waiting = 1;
    private const int Raised = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Takes what has been raised, if anything has, without waiting for it.</summary>
    public bool TryTake() =>
        Volatile.Read(ref _state) == Raised && Interlocked.CompareExchange(ref _state, Quiet, Raised) == Raised;

    /// <summary>One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Quiet) == Quiet)
        {
            return new ValueTask(this, _core.Version);
        }

        Volatile.Write(ref _state, Quiet);
        return ValueTask.CompletedTask;
    }

    /// <summary>Any number of callers, from any thread.</summary>
    /// <param name="elsewhere">The waiter goes on on the thread pool instead.</param>
    public void Raise(bool elsewhere = false)
    {
        while (Volatile.Read(ref _state) is not Raised and var seen)
        {
            if (Interlocked.CompareExchange(ref _state, seen == Waiting ? Quiet : Raised, seen) != seen)
            {
                continue;
            }

            if (seen == Waiting)
            {
                _core.RunContinuationsAsynchronously = elsewhere;
                _core.SetResult(true);
            }

            return;
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);
}

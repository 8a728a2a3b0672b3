using System.Threading.Tasks.Sources;

namespace Penstock.Transport.Epoll;

/// <summary>
/// Something has happened that one waiter wants to know of. Raised before anybody waits, it is remembered once. The
/// waiter goes on inside <see cref="Raise"/>, on the thread of the event loop, whatever context it came from. Allocates
/// nothing.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    /// <summary>Stands where a waiter would.</summary>
    private static readonly Action<object?> Raised = static _ => { };

    private static readonly Action<object?> Run = static continuation => ((Action)continuation!)();

    /// <summary>How the waiter goes on; null: nothing has happened and nobody waits.</summary>
    private Action<object?>? _waiter;
    private object? _state;

    /// <summary>What the waiter waited for has happened, and the waiter has not taken it yet.</summary>
    private bool _isDone;
    private short _version;

    /// <summary>Takes what has been raised, if anything has, without waiting for it.</summary>
    public bool TryTake() =>
        IsRaised(Volatile.Read(ref _waiter)) && IsRaised(Interlocked.CompareExchange(ref _waiter, null, Raised));

    /// <summary>One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        if (TryTake())
        {
            return ValueTask.CompletedTask;
        }

        _isDone = false;
        return new ValueTask(this, ++_version);
    }

    /// <summary>Any number of callers, from any thread.</summary>
    /// <param name="elsewhere">The waiter goes on on the thread pool instead.</param>
    public void Raise(bool elsewhere = false)
    {
        Action<object?>? seen;
        do
        {
            seen = Volatile.Read(ref _waiter);
            if (IsRaised(seen))
            {
                return;
            }
        } while (!ReferenceEquals(Interlocked.CompareExchange(ref _waiter, seen is null ? Raised : null, seen), seen));

        if (seen is not null)
        {
            GoOn(seen, elsewhere);
        }
    }

    /// <summary>One waiter at a time: how it goes on.</summary>
    public void GoOnWith(Action continuation) => GoOnWith(Run, continuation);

    void IValueTaskSource.GetResult(short token)
    {
        Check(token);
        _isDone = false;
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token)
    {
        Check(token);
        _isDone = _isDone || TryTake();
        return _isDone ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    /// <remarks>No context is kept: event loops have none, and it would be looked for at each wait.</remarks>
    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    )
    {
        Check(token);
        GoOnWith(continuation, state);
    }

    private void GoOnWith(Action<object?> continuation, object? state)
    {
        _state = state;
        if (Interlocked.CompareExchange(ref _waiter, continuation, null) is not null)
        {
            // Raised since it was asked.
            Volatile.Write(ref _waiter, null);
            GoOn(continuation, elsewhere: true);
        }
    }

    private static bool IsRaised(Action<object?>? waiter) => ReferenceEquals(waiter, Raised);

    private void GoOn(Action<object?> waiter, bool elsewhere)
    {
        var state = _state;
        (_state, _isDone) = (null, true);
        if (elsewhere)
        {
            ThreadPool.UnsafeQueueUserWorkItem(waiter, state, preferLocal: false);
        }
        else
        {
            waiter(state);
        }
    }

    private void Check(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException("This wait is over.");
        }
    }
}

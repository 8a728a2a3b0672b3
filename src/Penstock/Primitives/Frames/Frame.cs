using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Penstock.Primitives.Frames;

/// <summary>How an asynchronous method ended, or who waits for that. One waiter, who takes the end once.</summary>
internal abstract class Frame<T> : SpareFrame, IValueTaskSource<T>, IValueTaskSource
{
    /// <summary>How the waiter goes on; <see cref="SpareFrame.Ended"/>: the method has ended; null: neither.</summary>
    private Action<object?>? _waiter;
    private object? _state;
    private T? _result;
    private ExceptionDispatchInfo? _error;
    private short _version;

    public ValueTask<T> Task => new(this, _version);

    public ValueTask VoidTask => new(this, _version);

    /// <summary>That of a method which failed before it waited.</summary>
    public static Frame<T> Failed(Exception error)
    {
        var frame = new Ender();
        frame.Fail(error);
        return frame;
    }

    public void Succeed(T result)
    {
        _result = result;
        End();
    }

    public void Fail(Exception error)
    {
        _error = ExceptionDispatchInfo.Capture(error);
        End();
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Check(token);
        return !ReferenceEquals(Volatile.Read(ref _waiter), Ended) ? ValueTaskSourceStatus.Pending
            : _error is null ? ValueTaskSourceStatus.Succeeded
            : _error.SourceException is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    public void OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    )
    {
        Check(token);
        if (Volatile.Read(ref _waiter) is null)
        {
            _state = state;
            if (Interlocked.CompareExchange(ref _waiter, continuation, null) is null)
            {
                return;
            }
        }
        else if (!ReferenceEquals(_waiter, Ended))
        {
            throw new InvalidOperationException("Somebody waits for this already.");
        }

        // Ended since it was asked.
        ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: true);
    }

    public T GetResult(short token)
    {
        Check(token);
        if (!ReferenceEquals(_waiter, Ended))
        {
            throw new InvalidOperationException("This has not ended yet.");
        }

        var (result, error) = (_result!, _error);
        _version++;
        (_waiter, _state, _result, _error) = (null, null, default, null);
        GiveBack();
        error?.Throw();
        return result;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>The end has been taken: nobody knows this frame any more.</summary>
    protected abstract void GiveBack();

    private void End()
    {
        if (Volatile.Read(ref _waiter) is null && Interlocked.CompareExchange(ref _waiter, Ended, null) is null)
        {
            return;
        }

        var (waiter, state) = (_waiter!, _state);
        Volatile.Write(ref _waiter, Ended);
        // The last that is done here: the frame may be another method's before this returns.
        waiter(state);
    }

    private void Check(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException("The end of this method has been taken already.");
        }
    }

    private sealed class Ender : Frame<T>
    {
        protected override void GiveBack() { }
    }
}

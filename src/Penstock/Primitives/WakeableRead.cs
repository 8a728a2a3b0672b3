using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Penstock.Primitives;

/// <summary>
/// Waits for one pending read or for a wake-up, whichever comes first; after a wake-up the read stays pending and can
/// be waited for again. One reader, any number of wakers, no allocation per wait.
/// </summary>
internal sealed class WakeableRead : IValueTaskSource
{
    private readonly Lock _gate = new();
    private readonly Action _onRead;
    private ManualResetValueTaskSourceCore<bool> _core;
    private ValueTaskAwaiter<int> _read;
    private bool _finished;
    private bool _waiting;

    public WakeableRead() => _onRead = OnRead;

    /// <summary>Takes over a read; the last one must have been collected with <see cref="Collect"/>.</summary>
    public void Start(ValueTask<int> read)
    {
        _finished = false;
        _read = read.GetAwaiter();
        if (_read.IsCompleted)
        {
            _finished = true;
        }
        else
        {
            _read.UnsafeOnCompleted(_onRead);
        }
    }

    /// <summary>The read has finished: its bytes can be collected.</summary>
    public bool IsFinished => Volatile.Read(ref _finished);

    /// <summary>Until the read has finished, or somebody wakes the reader.</summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_finished)
            {
                return ValueTask.CompletedTask;
            }

            _core.Reset();
            _waiting = true;
            return new ValueTask(this, _core.Version);
        }
    }

    /// <summary>The bytes of the finished read; throws what the read threw.</summary>
    public int Collect() => _read.GetResult();

    /// <summary>Lets a waiting reader look around; does nothing when nobody waits.</summary>
    public void Wake() => Signal(finished: false);

    private void OnRead() => Signal(finished: true);

    private void Signal(bool finished)
    {
        lock (_gate)
        {
            _finished |= finished;
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
        }
        // Outside the lock: the reader goes on inside this call.
        _core.SetResult(finished);
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

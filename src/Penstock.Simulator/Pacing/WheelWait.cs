using System.Threading.Tasks.Sources;

namespace Penstock.Simulator.Pacing;

/// <summary>
/// A wait that one caller awaits again and again without garbage. It goes on inside the wheel's turn, so what follows
/// the await must be short. Once cancelled, this wait and all later ones end at once.
/// </summary>
internal sealed class WheelWait(TimerWheel wheel) : WheelItem, IValueTaskSource<bool>
{
    /// <summary>No time: the wait ends when it is woken or cancelled.</summary>
    public const long Never = long.MaxValue;

    private const int Idle = 0;
    private const int Armed = 1;
    private ManualResetValueTaskSourceCore<bool> _source;
    private int _state;
    private volatile bool _isCancelled;

    /// <summary>Whether what comes after the last await may run inside the wheel's turn.</summary>
    public bool HasWaited { get; private set; }

    /// <returns>False when cancelled.</returns>
    public ValueTask<bool> UntilAsync(long due)
    {
        if (_isCancelled)
        {
            return new ValueTask<bool>(result: false);
        }

        HasWaited = true;
        _source.Reset();
        Volatile.Write(ref _state, Armed);
        if (due != Never)
        {
            wheel.Add(this, due);
        }

        if (_isCancelled)
        {
            Release(elapsed: false);
        }

        return new ValueTask<bool>(this, _source.Version);
    }

    /// <summary>Ends a wait that is under way, as if its time had come.</summary>
    public void Wake() => Release(elapsed: true);

    public void Cancel()
    {
        _isCancelled = true;
        Release(elapsed: false);
    }

    internal override void Fire() => Release(elapsed: true);

    private void Release(bool elapsed)
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Armed) == Armed)
        {
            wheel.Remove(this);
            _source.SetResult(elapsed);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _source.OnCompleted(continuation, state, token, flags);
}

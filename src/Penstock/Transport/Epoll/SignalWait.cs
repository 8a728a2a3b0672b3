using System.Runtime.CompilerServices;

namespace Penstock.Transport.Epoll;

/// <summary>
/// A wait for a <see cref="Signal"/> in the fewest steps: a value task would be asked what it is at each of them.
/// </summary>
/// <param name="signal">Null: there is nothing to wait for.</param>
internal readonly struct SignalWait(Signal? signal) : ICriticalNotifyCompletion
{
    public bool IsCompleted => signal is null || signal.TryTake();

    public SignalWait GetAwaiter() => this;

    public void GetResult() { }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => signal!.GoOnWith(continuation);
}

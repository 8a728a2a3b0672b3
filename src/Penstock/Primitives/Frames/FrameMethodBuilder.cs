using System.Runtime.CompilerServices;

namespace Penstock.Primitives.Frames;

/// <summary>
/// Builds asynchronous methods whose frames are used again: <c>[AsyncMethodBuilder(typeof(FrameMethodBuilder&lt;&gt;))]</c>.
/// What the method returns is awaited once. It goes on where that which it waited for ended, as event loops do: the
/// execution context comes with it if there is one, a synchronization context is not looked for. What it puts into an
/// <see cref="AsyncLocal{T}"/> before it first waits, its caller sees.
/// </summary>
internal struct FrameMethodBuilder<T>
{
    private Frame<T>? _frame;

    // Of a method that ended without waiting.
    private T _result;

    public static FrameMethodBuilder<T> Create() => default;

    public readonly ValueTask<T> Task => _frame is { } frame ? frame.Task : new ValueTask<T>(_result);

    /// <summary>The same for who wants to know only that it is over.</summary>
    public readonly ValueTask VoidTask => _frame is { } frame ? frame.VoidTask : ValueTask.CompletedTask;

    public readonly void Start<TMethod>(ref TMethod method)
        where TMethod : IAsyncStateMachine => method.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) { }

    public void SetResult(T result)
    {
        if (_frame is { } frame)
        {
            frame.Succeed(result);
        }
        else
        {
            _result = result;
        }
    }

    public void SetException(Exception exception)
    {
        if (_frame is { } frame)
        {
            frame.Fail(exception);
        }
        else
        {
            _frame = Frame<T>.Failed(exception);
        }
    }

    public void AwaitOnCompleted<TAwaiter, TMethod>(ref TAwaiter awaiter, ref TMethod method)
        where TAwaiter : INotifyCompletion
        where TMethod : IAsyncStateMachine => awaiter.OnCompleted(Suspend(ref method));

    public void AwaitUnsafeOnCompleted<TAwaiter, TMethod>(ref TAwaiter awaiter, ref TMethod method)
        where TAwaiter : ICriticalNotifyCompletion
        where TMethod : IAsyncStateMachine => awaiter.UnsafeOnCompleted(Suspend(ref method));

    /// <summary>Keeps the method, of which this builder is a part, for as long as it waits.</summary>
    /// <returns>How it goes on.</returns>
    private Action Suspend<TMethod>(ref TMethod method)
        where TMethod : IAsyncStateMachine
    {
        MethodFrame<T, TMethod> frame;
        if (_frame is null)
        {
            // In this order: the copy knows its frame.
            _frame = frame = MethodFrame<T, TMethod>.Take();
            frame.Method = method;
        }
        else
        {
            frame = Unsafe.As<MethodFrame<T, TMethod>>(_frame);
        }

        frame.Context = ExecutionContext.Capture();
        return frame.GoOn;
    }
}

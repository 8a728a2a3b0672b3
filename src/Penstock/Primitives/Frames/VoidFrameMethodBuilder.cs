using System.Runtime.CompilerServices;

namespace Penstock.Primitives.Frames;

/// <summary>As <see cref="FrameMethodBuilder{T}"/>, for methods that bring nothing.</summary>
internal struct VoidFrameMethodBuilder
{
    private FrameMethodBuilder<Nothing> _builder;

    public static VoidFrameMethodBuilder Create() => default;

    public readonly ValueTask Task => _builder.VoidTask;

    public readonly void Start<TMethod>(ref TMethod method)
        where TMethod : IAsyncStateMachine => method.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) { }

    public void SetResult() => _builder.SetResult(default);

    public void SetException(Exception exception) => _builder.SetException(exception);

    public void AwaitOnCompleted<TAwaiter, TMethod>(ref TAwaiter awaiter, ref TMethod method)
        where TAwaiter : INotifyCompletion
        where TMethod : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref method);

    public void AwaitUnsafeOnCompleted<TAwaiter, TMethod>(ref TAwaiter awaiter, ref TMethod method)
        where TAwaiter : ICriticalNotifyCompletion
        where TMethod : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref method);

    private readonly struct Nothing;
}

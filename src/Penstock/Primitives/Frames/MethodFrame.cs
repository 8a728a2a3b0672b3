using System.Runtime.CompilerServices;

namespace Penstock.Primitives.Frames;

/// <summary>A method that waits, with all its locals.</summary>
internal sealed class MethodFrame<T, TMethod> : Frame<T>
    where TMethod : IAsyncStateMachine
{
    private static readonly ContextCallback Step = static frame => ((MethodFrame<T, TMethod>)frame!).Method!.MoveNext();

    public TMethod? Method;

    private MethodFrame() => GoOn = MoveNext;

    /// <summary>Allocated once for all methods that ever use this frame.</summary>
    public Action GoOn { get; }

    /// <summary>What the method runs in; null: in what it finds.</summary>
    public ExecutionContext? Context { get; set; }

    public static MethodFrame<T, TMethod> Take() =>
        SpareFrames<TMethod>.Take() is { } spare
            ? Unsafe.As<MethodFrame<T, TMethod>>(spare)
            : new MethodFrame<T, TMethod>();

    protected override void GiveBack()
    {
        (Method, Context) = (default, null);
        SpareFrames<TMethod>.Put(this);
    }

    private void MoveNext()
    {
        if (Context is { } context)
        {
            ExecutionContext.Run(context, Step, this);
        }
        else
        {
            Method!.MoveNext();
        }
    }
}

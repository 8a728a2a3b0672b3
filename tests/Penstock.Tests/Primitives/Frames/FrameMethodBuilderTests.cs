using System.Runtime.CompilerServices;
using Penstock.Primitives.Frames;

namespace Penstock.Tests.Primitives.Frames;

public sealed class FrameMethodBuilderTests
{
    private static readonly AsyncLocal<string?> Local = new();

    [Fact]
    public async Task A_method_that_does_not_wait_has_its_result_at_once()
    {
        var adding = AddAsync(Task.FromResult(1), Task.FromResult(2));

        Assert.True(adding.IsCompletedSuccessfully);
        Assert.Equal(3, await adding);
    }

    [Fact]
    public async Task A_method_that_waits_goes_on_where_that_ends_which_it_waits_for()
    {
        var first = new TaskCompletionSource<int>();
        var second = new TaskCompletionSource<int>();
        var adding = AddAsync(first.Task, second.Task);
        Assert.False(adding.IsCompleted);
        first.SetResult(1);
        Assert.False(adding.IsCompleted);
        second.SetResult(2);

        Assert.True(adding.IsCompletedSuccessfully);
        Assert.Equal(3, await adding);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_exception_is_the_waiters(bool waits)
    {
        var source = new TaskCompletionSource<int>();
        if (!waits)
        {
            source.SetException(new TimeoutException("late"));
        }

        var adding = AddAsync(source.Task, Task.FromResult(2));
        var told = TellAsync(source.Task);
        source.TrySetException(new TimeoutException("late"));

        Assert.True(adding.IsFaulted);
        Assert.Equal("late", (await Assert.ThrowsAsync<TimeoutException>(async () => await adding)).Message);
        Assert.Equal("late", (await Assert.ThrowsAsync<TimeoutException>(async () => await told)).Message);
    }

    [Fact]
    public async Task What_was_cancelled_is_cancelled()
    {
        var source = new TaskCompletionSource<int>();
        var adding = AddAsync(source.Task, Task.FromResult(2));
        source.SetCanceled(TestContext.Current.CancellationToken);

        Assert.True(adding.IsCanceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await adding);
    }

    [Fact]
    public async Task The_end_is_taken_once()
    {
        var source = new TaskCompletionSource<int>();
        var adding = AddAsync(source.Task, Task.FromResult(2));
        Assert.Throws<InvalidOperationException>(() => adding.GetAwaiter().GetResult());
        source.SetResult(1);
        Assert.Equal(3, await adding);

        Assert.Throws<InvalidOperationException>(() => adding.GetAwaiter().GetResult());
        Assert.Throws<InvalidOperationException>(() => adding.IsCompleted);
    }

    [Fact]
    public async Task Two_cannot_wait()
    {
        var source = new TaskCompletionSource<int>();
        var adding = AddAsync(source.Task, Task.FromResult(2));
        var first = adding.AsTask();

        Assert.Throws<InvalidOperationException>(() => adding.GetAwaiter().OnCompleted(() => { }));
        source.SetResult(1);
        Assert.Equal(3, await first);
    }

    [Fact]
    public async Task The_execution_context_comes_with_the_method()
    {
        var source = new TaskCompletionSource<int>();
        Local.Value = "mine";
        var reading = ReadLocalAsync(source.Task);
        Local.Value = "yours";
        await Task.Run(
            () =>
            {
                Local.Value = "nobody's";
                source.SetResult(1);
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal("mine", await reading);
    }

    [Fact]
    public async Task A_context_that_is_not_to_flow_is_not_kept()
    {
        var source = new TaskCompletionSource<int>();
        ValueTask<string?> reading;
        Local.Value = "mine";
        using (ExecutionContext.SuppressFlow())
        {
            reading = ReadLocalAsync(source.Task);
        }

        Local.Value = "yours";
        source.SetResult(1);
        Assert.Equal("yours", await reading);
    }

    [Fact]
    public void A_frame_is_used_again_and_holds_nothing_of_the_method_before()
    {
        var held = Wait();
        GC.Collect();
        Assert.False(held.IsAlive);

        // On a thread of its own: no other has spare frames here.
        long allocated = 0;
        var thread = new Thread(() =>
        {
            var signal = new Source();
            Pass(signal, 10);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Pass(signal, 1000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        thread.Start();
        thread.Join();
        Assert.Equal(0, allocated);

        static void Pass(Source signal, int times)
        {
            for (var i = 0; i < times; i++)
            {
                var waiting = WaitAsync(signal, null);
                signal.Raise();
                Assert.True(waiting.IsCompletedSuccessfully);
                waiting.GetAwaiter().GetResult();
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Wait()
        {
            var held = new object();
            var signal = new Source();
            var waiting = WaitAsync(signal, held);
            signal.Raise();
            waiting.GetAwaiter().GetResult();
            return new WeakReference(held);
        }
    }

    [Fact]
    public void Spare_frames_are_bounded()
    {
        var thread = new Thread(() =>
        {
            var signals = Enumerable.Range(0, 3 * SpareFrames<int>.Most).Select(_ => new Source()).ToArray();
            var waits = signals.Select(s => WaitAsync(s, null)).ToArray();
            for (var i = 0; i < signals.Length; i++)
            {
                signals[i].Raise();
                waits[i].GetAwaiter().GetResult();
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            waits = [.. signals.Select(s => WaitAsync(s, null))];
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Array.ForEach(signals, s => s.Raise());
            // Two thirds of them are new.
            Assert.InRange(allocated, 2 * SpareFrames<int>.Most * 64, long.MaxValue);
        });
        thread.Start();
        thread.Join();
    }

    [Fact]
    public async Task Whoever_ends_and_whoever_waits_may_meet_at_any_moment()
    {
        for (var round = 0; round < 20_000; round++)
        {
            var source = new TaskCompletionSource<int>();
            var adding = AddAsync(source.Task, Task.FromResult(round));
            // Two periods without a common divisor: every pair of delays comes.
            var (early, late) = (round % 61, round % 59);
            var ending = Task.Run(
                () =>
                {
                    Thread.SpinWait(early);
                    source.SetResult(1);
                },
                TestContext.Current.CancellationToken
            );
            Thread.SpinWait(late);
            Assert.Equal(round + 1, await adding);
            await ending;
        }
    }

    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private static async ValueTask<int> AddAsync(Task<int> first, Task<int> second) => await first + await second;

    [AsyncMethodBuilder(typeof(VoidFrameMethodBuilder))]
    private static async ValueTask TellAsync(Task<int> task) => await task;

    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private static async ValueTask<string?> ReadLocalAsync(Task<int> task)
    {
        await task;
        return Local.Value;
    }

    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private static async ValueTask<bool> WaitAsync(Source source, object? held)
    {
        await source;
        return held is null;
    }

    /// <summary>Raised on the thread that says so, without a pool between.</summary>
    private sealed class Source : ICriticalNotifyCompletion
    {
        private Action? _waiter;

        public bool IsCompleted => false;

        public Source GetAwaiter() => this;

        public void GetResult() { }

        public void OnCompleted(Action continuation) => _waiter = continuation;

        public void UnsafeOnCompleted(Action continuation) => _waiter = continuation;

        public void Raise() => Interlocked.Exchange(ref _waiter, null)!();
    }
}

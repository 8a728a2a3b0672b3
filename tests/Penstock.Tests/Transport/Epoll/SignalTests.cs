using Penstock.Transport.Epoll;

namespace Penstock.Tests.Transport.Epoll;

public sealed class SignalTests
{
    private readonly Signal _signal = new();

    [Fact]
    public async Task Raised_before_anybody_waits_it_is_remembered_once()
    {
        _signal.Raise();
        _signal.Raise();
        await _signal.WaitAsync();

        Assert.False(_signal.WaitAsync().IsCompleted);
    }

    [Fact]
    public void What_is_taken_is_not_waited_for_again()
    {
        Assert.False(_signal.TryTake());
        _signal.Raise();

        Assert.True(_signal.TryTake());
        Assert.False(_signal.TryTake());
        Assert.False(_signal.WaitAsync().IsCompleted);
    }

    [Fact]
    public void A_waiter_goes_on_inside_the_raise()
    {
        var thread = 0;
        var waiting = WaitAsync();
        _signal.Raise();

        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);

        async Task WaitAsync()
        {
            await _signal.WaitAsync();
            thread = Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public void A_short_wait_ends_at_once_when_it_was_raised_before_or_nothing_is_waited_for()
    {
        Assert.True(default(SignalWait).IsCompleted);
        Assert.False(new SignalWait(_signal).IsCompleted);
        _signal.Raise();
        Assert.True(new SignalWait(_signal).IsCompleted);
        Assert.False(new SignalWait(_signal).IsCompleted);
    }

    [Fact]
    public void A_short_wait_goes_on_inside_the_raise_as_often_as_there_is_one()
    {
        var times = 0;
        var waiting = WaitAsync();
        _signal.Raise();
        Assert.Equal(1, times);
        Assert.False(waiting.IsCompleted);
        _signal.Raise();
        Assert.Equal(2, times);
        Assert.True(waiting.IsCompletedSuccessfully);

        async Task WaitAsync()
        {
            await new SignalWait(_signal);
            times++;
            await new SignalWait(_signal);
            times++;
        }
    }

    [Fact]
    public async Task Raised_between_asking_and_waiting_a_short_wait_goes_on_on_the_pool()
    {
        var wait = new SignalWait(_signal);
        Assert.False(wait.IsCompleted);
        _signal.Raise();
        var onPool = new TaskCompletionSource<bool>();
        wait.OnCompleted(() => onPool.SetResult(Thread.CurrentThread.IsThreadPoolThread));
        Assert.True(await onPool.Task);
        Assert.False(new SignalWait(_signal).IsCompleted);
    }

    [Fact]
    public async Task Raised_elsewhere_the_waiter_goes_on_on_the_pool()
    {
        var onPool = false;
        var waiting = WaitAsync();
        new Thread(() => _signal.Raise(elsewhere: true)).Start();
        await waiting;
        Assert.True(onPool);

        async Task WaitAsync()
        {
            await _signal.WaitAsync().ConfigureAwait(false);
            onPool = Thread.CurrentThread.IsThreadPoolThread;
        }
    }

    [Fact]
    public async Task No_raise_is_lost_between_threads()
    {
        const int rounds = 50_000;
        var taken = 0;
        var turn = new SemaphoreSlim(0);
        var raising = Task.Run(
            async () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    _signal.Raise();
                    await turn.WaitAsync(TestContext.Current.CancellationToken);
                }
            },
            TestContext.Current.CancellationToken
        );
        while (taken < rounds)
        {
            await _signal.WaitAsync();
            taken++;
            turn.Release();
        }

        await raising;
        Assert.Equal(rounds, taken);
    }
}

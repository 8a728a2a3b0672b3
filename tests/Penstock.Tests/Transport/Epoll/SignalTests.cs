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

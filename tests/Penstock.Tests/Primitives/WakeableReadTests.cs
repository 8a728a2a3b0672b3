using Penstock.Primitives;

namespace Penstock.Tests.Primitives;

public sealed class WakeableReadTests
{
    private readonly WakeableRead _read = new();

    [Fact]
    public async Task A_read_that_is_there_already_is_not_waited_for()
    {
        _read.Start(new ValueTask<int>(5));
        await _read.WaitAsync();
        Assert.True(_read.IsFinished);
        Assert.Equal(5, _read.Collect());
    }

    [Fact]
    public async Task A_wake_up_leaves_the_read_pending()
    {
        var bytes = new TaskCompletionSource<int>();
        _read.Start(new ValueTask<int>(bytes.Task));
        var wait = _read.WaitAsync();
        _read.Wake();
        await wait;
        Assert.False(_read.IsFinished);
        wait = _read.WaitAsync();
        Assert.False(wait.IsCompleted);
        bytes.SetResult(7);
        await wait;
        Assert.True(_read.IsFinished);
        Assert.Equal(7, _read.Collect());
    }

    [Fact]
    public void A_wake_up_without_a_waiter_is_forgotten()
    {
        _read.Start(new ValueTask<int>(new TaskCompletionSource<int>().Task));
        _read.Wake();
        Assert.False(_read.WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task What_the_read_threw_is_thrown_to_its_collector()
    {
        var bytes = new TaskCompletionSource<int>();
        _read.Start(new ValueTask<int>(bytes.Task));
        var wait = _read.WaitAsync();
        bytes.SetException(new IOException("reset"));
        await wait;
        Assert.True(_read.IsFinished);
        Assert.Throws<IOException>(() => _read.Collect());
    }

    [Fact]
    public async Task Wakers_and_reads_that_race_lose_nothing()
    {
        var stop = new CancellationTokenSource();
        var waker = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    _read.Wake();
                }
            },
            TestContext.Current.CancellationToken
        );
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            _read.Start(new ValueTask<int>(bytes.Task));
            ThreadPool.UnsafeQueueUserWorkItem(_ => bytes.SetResult(i), null);
            do
            {
                await _read.WaitAsync();
            } while (!_read.IsFinished);
            Assert.Equal(i, _read.Collect());
        }
        await stop.CancelAsync();
        await waker;
    }
}

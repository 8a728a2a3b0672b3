using Penstock.Metering;

namespace Penstock.Tests.Metering;

public sealed class UsageQueueTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Rows_come_in_the_order_in_which_they_went_in_a_batch_at_a_time()
    {
        var queue = new UsageQueue(most: 1_000, batchRows: 100);
        for (var i = 0; i < 250; i++)
        {
            Assert.True(queue.TryAdd(Row(i)));
        }

        Assert.Equal([.. Enumerable.Range(0, 100)], Numbers(queue.Take()));
        Assert.Equal([.. Enumerable.Range(100, 100)], Numbers(queue.Take()));
        Assert.Equal([.. Enumerable.Range(200, 50)], Numbers(queue.Take()));
        Assert.Null(queue.Take());
    }

    [Fact]
    public void What_was_taken_makes_place()
    {
        var queue = new UsageQueue(most: 5, batchRows: 3);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(queue.TryAdd(Row(i)));
        }

        Assert.False(queue.TryAdd(Row(5)));
        Assert.Equal([0, 1, 2], Numbers(queue.Take()));
        for (var i = 5; i < 8; i++)
        {
            Assert.True(queue.TryAdd(Row(i)));
        }

        Assert.False(queue.TryAdd(Row(8)));
        Assert.Equal([3, 4, 5], Numbers(queue.Take()));
        Assert.Equal([6, 7], Numbers(queue.Take()));
    }

    [Fact]
    public void A_batch_that_was_given_back_is_filled_anew_and_holds_nothing_of_before()
    {
        var queue = new UsageQueue(most: 100, batchRows: 10);
        queue.TryAdd(Row(1));
        queue.TryAdd(Row(2));
        var first = queue.Take()!;
        var memory = first.Rows;

        queue.GiveBack(first);

        Assert.Null(memory.Span[0].Ending);
        queue.TryAdd(Row(3));
        var second = queue.Take();
        Assert.Same(first, second);
        Assert.Equal([3], Numbers(second));
    }

    [Fact]
    public async Task Who_waits_is_told_of_the_first_row()
    {
        var queue = new UsageQueue(most: 100, batchRows: 10);
        var waiting = Task.Run(() => queue.AwaitAny(Timeout.InfiniteTimeSpan), Stop);
        queue.TryAdd(Row(1));
        await waiting.WaitAsync(Stop);

        queue.AwaitAny(Timeout.InfiniteTimeSpan);
        queue.Take();
        waiting = Task.Run(() => queue.AwaitAny(Timeout.InfiniteTimeSpan), Stop);
        queue.Wake();
        await waiting.WaitAsync(Stop);
    }

    [Fact]
    public async Task Whatever_many_threads_hand_over_is_taken_once()
    {
        const int Threads = 4;
        const int Each = 20_000;
        var queue = new UsageQueue(most: Threads * Each, batchRows: 64);
        var taken = new List<int>();
        var adding = Enumerable
            .Range(0, Threads)
            .Select(thread =>
                Task.Run(
                    () =>
                    {
                        for (var i = 0; i < Each; i++)
                        {
                            Assert.True(queue.TryAdd(Row((thread * Each) + i)));
                        }
                    },
                    Stop
                )
            )
            .ToArray();

        while (taken.Count < Threads * Each)
        {
            queue.AwaitAny(TimeSpan.FromSeconds(1));
            if (queue.Take() is { } batch)
            {
                taken.AddRange(Numbers(batch));
                queue.GiveBack(batch);
            }
        }

        await Task.WhenAll(adding);
        Assert.Null(queue.Take());
        Assert.Equal(Enumerable.Range(0, Threads * Each), taken.Order());
        // What one thread handed over, in its order.
        Assert.All(taken.GroupBy(number => number / Each), thread => Assert.Equal(thread.Order(), thread));
    }

    private static UsageRecord Row(int number) => Rows.Bare() with { Attempts = number };

    private static int[] Numbers(UsageBatch? batch) => [.. batch!.Rows.ToArray().Select(row => row.Attempts)];
}

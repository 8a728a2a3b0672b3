using Penstock.Metering;

namespace Penstock.Tests.Metering;

public sealed class UsageWriterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_recorded_is_in_the_database_after_a_flush()
    {
        await using var test = await TestLedger.StartAsync();

        for (var i = 0; i < 100; i++)
        {
            test.Ledger.Record(Rows.Full());
        }

        await test.FlushAsync();
        Assert.Equal(100, test.CountRows());
        Assert.True(test.Spool.IsEmpty);
    }

    [Fact]
    public async Task A_row_wakes_the_writer_unasked()
    {
        await using var test = await TestLedger.StartAsync();
        for (var rows = 1; rows <= 3; rows++)
        {
            test.Ledger.Record(Rows.Full());

            while (test.CountRows() < rows)
            {
                Stop.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task A_stop_writes_what_no_flush_had_taken()
    {
        await using var test = await TestLedger.StartAsync(new LedgerOptions { FlushMilliseconds = 60_000 });
        test.Ledger.Record(Rows.Full());

        await test.StopAsync();

        Assert.Equal(1, test.CountRows());
    }

    [Fact]
    public async Task A_stop_leaves_nothing_behind_that_uses_the_database()
    {
        await using var test = await TestLedger.StartAsync(new LedgerOptions { FlushMilliseconds = 60_000 });

        await test.StopAsync();

        // Old rows were not looked for yet, and are not now: the database may be closed any moment.
        Assert.True(test.Hand.IsFree);
    }

    [Fact]
    public async Task While_the_database_is_away_rows_wait_on_disk_and_are_there_once_when_it_is_back()
    {
        await using var test = await TestLedger.StartAsync();
        test.Ledger.Record(Rows.Full());
        await test.FlushAsync();
        test.Break();

        for (var i = 0; i < 50; i++)
        {
            test.Ledger.Record(Rows.Full());
            if (i % 10 == 0)
            {
                await test.FlushAsync();
            }
        }

        await test.FlushAsync();
        Assert.False(test.Spool.IsEmpty);
        test.Mend();

        await UntilAsync(test, () => test.Spool.IsEmpty);
        Assert.Equal(51, test.CountRows());
        Assert.Equal(51, test.Database.Number("SELECT sum(requests) FROM hourly_sums"));
        Assert.Equal(0, test.Meters.Sum("penstock.ledger.lost"));
        Assert.Equal([2000, 2001], test.Logs.GetSnapshot().Select(record => record.Id.Id));
    }

    [Fact]
    public async Task A_slow_database_has_its_batch_once_though_it_waited_on_disk_too()
    {
        await using var test = await TestLedger.StartAsync();
        using (test.Database.Hold())
        {
            test.Ledger.Record(Rows.Full());
            await UntilAsync(test, () => !test.Spool.IsEmpty);
            test.Ledger.Record(Rows.Full());
            await test.FlushAsync();
            Assert.Equal(0, test.CountRows());
        }

        await UntilAsync(test, () => test.Spool.IsEmpty);
        Assert.Equal(2, test.CountRows());
        Assert.Equal(2, test.Database.Number("SELECT sum(requests) FROM hourly_sums"));
    }

    [Fact]
    public async Task What_comes_while_the_database_is_busy_gathers_for_the_next_commit()
    {
        await using var test = await TestLedger.StartAsync(new LedgerOptions { FlushMilliseconds = 60_000 });
        Task flush;
        using (test.Database.Hold())
        {
            test.Ledger.Record(Rows.Full());
            flush = test.FlushAsync();
            while (test.Ledger.Waiting > 0)
            {
                Stop.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            test.Ledger.Record(Rows.Full());
        }

        await flush;
        Assert.Equal(1, test.Ledger.Waiting);
        await UntilAsync(test, () => test.CountRows() == 2);
    }

    [Fact]
    public async Task Durable_means_that_a_record_is_on_disk_before_anything_else_happens()
    {
        await using var test = await TestLedger.StartAsync(
            new LedgerOptions { FlushMilliseconds = 60_000, Durable = true }
        );

        test.Ledger.Record(Rows.Full());

        Assert.Single(test.Spool.ReadOldest()!.Rows);
        await test.FlushAsync();
        Assert.Equal(1, test.CountRows());
        Assert.True(test.Spool.IsEmpty);
    }

    [Fact]
    public void A_record_that_finds_the_queue_full_is_counted_as_lost_and_holds_nobody_up()
    {
        using var meters = new TestMeters();
        var metrics = new LedgerMetrics(meters.Factory);
        var options = new LedgerOptions { QueueRows = 16 };
        var ledger = new UsageLedger(options, new UsageSpool("unused", options, metrics), metrics);

        for (var i = 0; i < 20; i++)
        {
            ledger.Record(Rows.Full());
        }

        Assert.Equal(4, meters.Sum("penstock.ledger.lost"));
    }

    [Fact]
    public void Handing_a_record_over_allocates_nothing()
    {
        using var meters = new TestMeters();
        var metrics = new LedgerMetrics(meters.Factory);
        var options = new LedgerOptions();
        var ledger = new UsageLedger(options, new UsageSpool("unused", options, metrics), metrics);
        var record = Rows.Full();
        // A batch has grown to what a flush leaves in it, and is there again.
        for (var i = 0; i < 2_000; i++)
        {
            ledger.Record(record);
        }

        ledger.GiveBack(ledger.Take()!);

        Assert.Equal(0, Allocations.Of(() => ledger.Record(record)));
    }

    [Fact]
    public async Task Old_rows_are_deleted_by_and_by()
    {
        var old = TimeProvider.System.GetUtcNow().AddDays(-2);
        await using var test = await TestLedger.StartAsync(
            new LedgerOptions
            {
                FlushMilliseconds = 10,
                RetentionDays = 1,
                PruneRows = 2,
            },
            [.. Enumerable.Range(0, 9).Select(_ => Rows.Full(old))]
        );

        await UntilAsync(test, () => test.CountRows() == 0);
    }

    private static async Task UntilAsync(TestLedger test, Func<bool> reached)
    {
        while (!reached())
        {
            Stop.ThrowIfCancellationRequested();
            await test.FlushAsync();
        }
    }
}

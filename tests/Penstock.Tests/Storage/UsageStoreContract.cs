using Penstock.Metering;
using Penstock.Tests.Metering;

namespace Penstock.Tests.Storage;

/// <summary>What every ledger must do. A store's own test class inherits it and says how to open one.</summary>
public abstract class UsageStoreContract
{
    private static readonly Guid OtherKey = Guid.Parse("00000000-0000-0000-0000-0000000000bb");
    private static readonly Guid Beta = Guid.Parse("00000000-0000-0000-0000-00000000000b");

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of this test: the same data each time.</summary>
    private protected abstract Task<IUsageStore> OpenAsync();

    /// <summary>How many rows of single requests there are, past the seam.</summary>
    private protected abstract Task<long> CountRowsAsync();

    [Fact]
    public async Task A_new_ledger_is_empty()
    {
        var store = await OpenAsync();

        Assert.Empty(await SumAsync(store, UsageGrouping.Model));
        Assert.Empty(await store.SpentAsync(Stop));
    }

    [Fact]
    public async Task Rows_are_summed_by_model_key_day_and_workspace()
    {
        var store = await OpenAsync();
        await store.AppendAsync(
            new[]
            {
                Rows.Full(),
                Rows.Used(1, 2),
                Rows.Used(10, 20, Rows.At.AddDays(1), OtherKey),
                Rows.Used(100, 200) with
                {
                    Model = "other",
                    WorkspaceId = Beta,
                },
                Rows.Bare(),
            },
            Stop
        );

        var models = await SumAsync(store, UsageGrouping.Model);
        Assert.Equal(["", "llama", "other"], models.Select(sum => sum.Model ?? "").Order(StringComparer.Ordinal));
        var llama = models.Single(sum => sum.Model == "llama");
        Assert.Equal((3, 1, 1_011, 222, 400, 50), Numbers(llama));
        Assert.Equal(744_000, llama.Cost);
        var keys = await SumAsync(store, UsageGrouping.Key);
        Assert.Equal((1, 0, 10, 20, 0, 0), Numbers(keys.Single(sum => sum.KeyId == OtherKey)));
        var days = await SumAsync(store, UsageGrouping.Day);
        Assert.Equal([new DateOnly(2030, 1, 2), new DateOnly(2030, 1, 3)], days.Select(sum => sum.Day!.Value));
        var beta = await store.SumAsync(new UsageQuestion(UsageGrouping.Model, Rows.At, Beta), Stop);
        Assert.Equal((1, 0, 100, 200, 0, 0), Numbers(Assert.Single(beta)));
        var workspaces = await SumAsync(store, UsageGrouping.Workspace);
        Assert.Equal([Rows.Acme, Beta], workspaces.Select(sum => sum.WorkspaceId!.Value).Order());
    }

    [Fact]
    public async Task A_row_that_comes_again_changes_nothing()
    {
        var store = await OpenAsync();
        var rows = new[] { Rows.Full(), Rows.Used(1, 2) };
        await store.AppendAsync(rows, Stop);
        var before = await SumAsync(store, UsageGrouping.Model);

        await store.AppendAsync(new[] { rows[1], rows[1], rows[0], Rows.Bare() }, Stop);

        Assert.Equal(3, await CountRowsAsync());
        var after = await SumAsync(store, UsageGrouping.Model);
        Assert.Equal(before, after.Where(sum => sum.Model is not null));
        Assert.Equal(744_000, (await store.SpentAsync(Stop))[Rows.Acme]);
    }

    [Fact]
    public async Task A_later_opening_finds_what_was_written()
    {
        await (await OpenAsync()).AppendAsync(new[] { Rows.Full() }, Stop);

        Assert.Single(await SumAsync(await OpenAsync(), UsageGrouping.Key));
    }

    [Fact]
    public async Task Only_the_hours_asked_for_are_summed()
    {
        var store = await OpenAsync();
        await store.AppendAsync(
            new[] { Rows.Used(1, 0, Rows.At.AddHours(-1)), Rows.Used(10, 0), Rows.Used(100, 0, Rows.At.AddHours(1)) },
            Stop
        );

        var sums = await store.SumAsync(new UsageQuestion(UsageGrouping.Model, Rows.At.AddMinutes(30), null), Stop);

        Assert.Equal(110, Assert.Single(sums).PromptTokens);
    }

    [Fact]
    public async Task What_is_too_old_goes_in_bounded_batches_and_what_was_spent_stays_known()
    {
        var store = await OpenAsync();
        var old = Rows.At.AddDays(-100);
        await store.AppendAsync(Enumerable.Range(0, 25).Select(_ => Rows.Full(old)).ToArray(), Stop);
        await store.AppendAsync(new[] { Rows.Full() }, Stop);
        var limit = Rows.At.AddDays(-90);

        Assert.Equal(10, await store.PruneAsync(limit, DateTimeOffset.UnixEpoch, 10, Stop));
        Assert.Equal(16, await CountRowsAsync());
        Assert.Equal(10, await store.PruneAsync(limit, DateTimeOffset.UnixEpoch, 10, Stop));
        Assert.Equal(5, await store.PruneAsync(limit, DateTimeOffset.UnixEpoch, 10, Stop));
        Assert.Equal(1, await CountRowsAsync());
        Assert.Equal(2, (await SumAsync(store, UsageGrouping.Day)).Count);

        Assert.Equal(1, await store.PruneAsync(limit, limit, 10, Stop));
        Assert.Single(await SumAsync(store, UsageGrouping.Day));
        Assert.Equal(26 * 744_000, (await store.SpentAsync(Stop))[Rows.Acme]);
    }

    [Fact]
    public async Task An_empty_batch_and_one_of_any_characters_are_taken()
    {
        var store = await OpenAsync();
        await store.AppendAsync(Array.Empty<UsageRecord>(), Stop);

        await store.AppendAsync(new[] { Rows.Used(1, 2) with { Model = "ünïcode/模型 '\"\\{}," } }, Stop);

        Assert.Equal("ünïcode/模型 '\"\\{},", Assert.Single(await SumAsync(store, UsageGrouping.Model)).Model);
    }

    private protected static Task<IReadOnlyList<UsageSum>> SumAsync(IUsageStore store, UsageGrouping by) =>
        store.SumAsync(new UsageQuestion(by, DateTimeOffset.UnixEpoch, null), Stop);

    private static (long, long, long, long, long, long) Numbers(UsageSum sum) =>
        (sum.Requests, sum.Errors, sum.PromptTokens, sum.CompletionTokens, sum.CachedTokens, sum.ReasoningTokens);
}

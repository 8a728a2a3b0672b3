using Npgsql;
using Penstock.Metering;
using Penstock.Registry;
using Penstock.Storage.Postgres;
using Penstock.Tests.Metering;

namespace Penstock.Tests.Storage.Postgres;

public sealed class PostgresUsageStoreTests : UsageStoreContract, IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.NewAsync();

    [Fact]
    public async Task Every_member_of_a_row_has_its_column()
    {
        var row = Rows.Full();
        await (await OpenAsync()).AppendAsync(new[] { row }, Stop);

        var columns = string.Join(
            ", ",
            "request_id, ended_at, workspace_id, key_id, model, deployment_id, replica, backend, ending, failed, status",
            "attempts, prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, estimated, queued",
            "first_byte, duration, prompt_price, cached_price, completion_price, cost"
        );
        Assert.Equal(
            [
                $"{row.RequestId:D} {row.EndedAt} {row.WorkspaceId:D} {row.KeyId:D} llama {row.DeploymentId:D} "
                    + "http://10.0.0.5:8000 vllm engine_error t 502 2 1000 200 400 50 t 11 22 33 600000 60000 1800000 "
                    + "744000",
            ],
            await _database.ColumnAsync($"SELECT concat_ws(' ', {columns}) FROM requests")
        );
    }

    [Fact]
    public async Task Nothing_used_is_null_and_a_used_zero_is_zero()
    {
        var store = await OpenAsync();
        await store.AppendAsync(new[] { Rows.Bare(), Rows.Used(0, 0) }, Stop);

        Assert.Equal(1, await _database.NumberAsync("SELECT count(*) FROM requests WHERE prompt_tokens IS NULL"));
        Assert.Equal(1, await _database.NumberAsync("SELECT count(*) FROM requests WHERE prompt_tokens = 0"));
    }

    [Fact]
    public async Task Gateways_that_write_the_same_hours_at_the_same_time_lose_nothing_and_never_cross()
    {
        // Every batch meets the others' in the rows of the same hours and workspaces, in an order of its own; each is
        // handed over twice, by two gateways at once.
        var batches = Enumerable.Range(0, 40).Select(Batch).ToList();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));

        await Task.WhenAll(
            stores.Select(
                async (store, at) =>
                {
                    foreach (var batch in batches.Where((_, number) => number % 4 == at || number % 4 == (at + 1) % 4))
                    {
                        await store.AppendAsync(batch, Stop);
                    }
                }
            )
        );

        Assert.Equal(40 * 60, await CountRowsAsync());
        var sums = await SumAsync(stores[0], UsageGrouping.Workspace);
        Assert.Equal(40 * 60, sums.Sum(sum => sum.Requests));
        Assert.Equal(40 * 60 * 1_000, sums.Sum(sum => sum.PromptTokens));
        Assert.Equal(40L * 60 * 744_000, (await stores[0].SpentAsync(Stop)).Values.Sum());
    }

    [Fact]
    public async Task A_question_is_answered_while_a_batch_is_being_written()
    {
        var store = await OpenAsync();
        await store.AppendAsync(new[] { Rows.Full() }, Stop);
        await using var writing = await _database.ConnectAsync();
        await using var transaction = await writing.BeginTransactionAsync(Stop);
        await ExecuteAsync(writing, "UPDATE hourly_sums SET requests = 7; UPDATE requests SET status = 1");

        Assert.Equal(1, Assert.Single(await SumAsync(store, UsageGrouping.Key)).Requests);
    }

    [Fact]
    public async Task Retention_passes_by_what_somebody_holds_and_holds_up_no_writer()
    {
        var store = await OpenAsync();
        var old = Rows.At.AddDays(-100);
        var rows = Enumerable.Range(0, 10).Select(_ => Rows.Full(old)).ToArray();
        await store.AppendAsync(rows, Stop);
        await using var holder = await _database.ConnectAsync();
        await using var transaction = await holder.BeginTransactionAsync(Stop);
        await ExecuteAsync(holder, $"SELECT 1 FROM requests WHERE request_id = '{rows[0].RequestId}' FOR UPDATE");

        Assert.Equal(9, await store.PruneAsync(Rows.At, DateTimeOffset.UnixEpoch, 100, Stop));
        await store.AppendAsync(new[] { Rows.Full() }, Stop);

        Assert.Equal(2, await CountRowsAsync());
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_given_up()
    {
        var store = new PostgresUsageStore(_database.Open(with: options => options.CommandSeconds = 1));
        await store.OpenAsync(Stop);
        await using var holder = await _database.ConnectAsync();
        await using var transaction = await holder.BeginTransactionAsync(Stop);
        await ExecuteAsync(holder, "LOCK TABLE requests");

        await Assert.ThrowsAsync<StoreAwayException>(() => store.AppendAsync(new[] { Rows.Full() }, Stop));

        await transaction.RollbackAsync(Stop);
        await store.AppendAsync(new[] { Rows.Full() }, Stop);
        Assert.Equal(1, await CountRowsAsync());
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override async Task<IUsageStore> OpenAsync()
    {
        var store = new PostgresUsageStore(_database.Open());
        await store.OpenAsync(Stop);
        return store;
    }

    private protected override Task<long> CountRowsAsync() => _database.NumberAsync("SELECT count(*) FROM requests");

    private static UsageRecord[] Batch(int number) =>
        [
            .. Enumerable
                .Range(0, 60)
                .OrderBy(at => (at * 7 + number * 13) % 61)
                .Select(at =>
                    Rows.Full(Rows.At.AddHours(at % 6)) with
                    {
                        WorkspaceId = new Guid(at % 5, 0, 0, new byte[8]),
                    }
                ),
        ];

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}

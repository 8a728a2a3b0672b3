using Penstock.Metering;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Metering;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

public sealed class SqliteUsageStoreTests : UsageStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteUsageStore> _stores = [];

    private LedgerDatabase Database => new(_folder.File("ledger.db"));

    [Fact]
    public async Task Every_member_of_a_row_has_its_column()
    {
        var row = Rows.Full();
        await (await OpenAsync()).AppendAsync(new[] { row }, Stop);

        Assert.Equal(["llama"], Database.Column("model"));
        Assert.Equal(
            ["http://10.0.0.5:8000 vllm engine_error"],
            Database.Column("replica || ' ' || backend || ' ' || ending")
        );
        Assert.Equal(["1 502 2 1"], Database.Column("failed || ' ' || status || ' ' || attempts || ' ' || estimated"));
        Assert.Equal(
            ["1000 200 400 50"],
            Database.Column(
                "prompt_tokens || ' ' || completion_tokens || ' ' || cached_tokens || ' ' || reasoning_tokens"
            )
        );
        Assert.Equal(["11 22 33"], Database.Column("queued || ' ' || first_byte || ' ' || duration"));
        Assert.Equal(
            ["600000 60000 1800000 744000"],
            Database.Column("prompt_price || ' ' || cached_price || ' ' || completion_price || ' ' || cost")
        );
        Assert.Equal([row.RequestId.ToString("N").ToUpperInvariant()], Database.Column("hex(request_id)"));
    }

    [Fact]
    public async Task Nothing_used_is_null_and_a_used_zero_is_zero()
    {
        var store = await OpenAsync();
        await store.AppendAsync(new[] { Rows.Bare(), Rows.Used(0, 0) }, Stop);

        Assert.Equal(1, Database.Number("SELECT count(*) FROM requests WHERE prompt_tokens IS NULL"));
        Assert.Equal(1, Database.Number("SELECT count(*) FROM requests WHERE prompt_tokens = 0"));
    }

    [Fact]
    public async Task A_question_is_answered_while_a_batch_is_being_written()
    {
        var store = await OpenAsync();
        await store.AppendAsync(new[] { Rows.Full() }, Stop);
        using var writing = Database.Hold();

        var sums = await store.SumAsync(new UsageQuestion(UsageGrouping.Key, DateTimeOffset.UnixEpoch, null), Stop);

        Assert.Single(sums);
    }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _folder.Dispose();
    }

    private protected override async Task<IUsageStore> OpenAsync()
    {
        var store = Database.Store();
        _stores.Add(store);
        await store.OpenAsync(Stop);
        return store;
    }

    private protected override Task<long> CountRowsAsync() =>
        Task.FromResult(Database.Number("SELECT count(*) FROM requests"));
}

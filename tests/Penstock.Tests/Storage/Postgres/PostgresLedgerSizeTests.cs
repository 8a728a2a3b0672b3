using Penstock.Metering;
using Penstock.Storage.Postgres;

namespace Penstock.Tests.Storage.Postgres;

public sealed class PostgresLedgerSizeTests : LedgerSizeContract, IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.NewAsync();

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

    private protected override Task<long> CountSumsAsync() => _database.NumberAsync("SELECT count(*) FROM hourly_sums");
}

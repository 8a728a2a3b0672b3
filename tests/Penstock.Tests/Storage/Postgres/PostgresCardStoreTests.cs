using Penstock.Probing;
using Penstock.Storage.Postgres;

namespace Penstock.Tests.Storage.Postgres;

public sealed class PostgresCardStoreTests : CardStoreContract, IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.NewAsync();

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override ICardStore Open() => new PostgresCardStore(_database.Open());
}

using Penstock.Metering;
using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Postgres;

namespace Penstock.Tests.Storage.Postgres;

public sealed class PostgresFirstReleaseTests : FirstReleaseContract, IAsyncLifetime
{
    /// <summary>The registry and the ledger: the first release has had both.</summary>
    private const int FirstSteps = 2;

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.NewAsync();

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        Box.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override async Task MakeAsync(string registry, string ledger)
    {
        var first = Migration.Embedded(PostgresMigrations.Series).Take(FirstSteps).ToList();
        await _database.Open(first).UseAsync(static _ => Task.FromResult(true), Stop);
        await _database.ExecuteAsync(registry);
        await _database.ExecuteAsync(ledger);
    }

    private protected override string Bytes(byte[] value) => $@"'\x{Convert.ToHexString(value)}'";

    private protected override string Id(string value) => $"'{value}'";

    private protected override IRegistryStore OpenRegistry() => _database.OpenRegistry(Box);

    private protected override IUsageStore OpenLedger() => new PostgresUsageStore(_database.Open());
}

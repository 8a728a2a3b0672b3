using Penstock.Metering;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

public sealed class SqliteLedgerSizeTests : LedgerSizeContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteUsageStore? _store;

    private LedgerDatabase Database => new(_folder.File("ledger.db"));

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    private protected override async Task<IUsageStore> OpenAsync()
    {
        _store = Database.Store();
        await _store.OpenAsync(Stop);
        return _store;
    }

    private protected override Task<long> CountSumsAsync() =>
        Task.FromResult(Database.Number("SELECT count(*) FROM hourly_sums"));
}

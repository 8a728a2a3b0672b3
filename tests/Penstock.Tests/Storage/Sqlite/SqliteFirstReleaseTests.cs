using Microsoft.Data.Sqlite;
using Penstock.Metering;
using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

public sealed class SqliteFirstReleaseTests : FirstReleaseContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IDisposable> _opened = [];

    public void Dispose()
    {
        _opened.ForEach(store => store.Dispose());
        Box.Dispose();
        _folder.Dispose();
    }

    private protected override async Task MakeAsync(string registry, string ledger)
    {
        await MakeAsync(SqliteDatabase.FileName, SqliteMigrations.Registry, registry);
        await MakeAsync(SqliteDatabase.LedgerFileName, SqliteMigrations.Ledger, ledger);
    }

    private protected override string Bytes(byte[] value) => $"x'{Convert.ToHexString(value)}'";

    private protected override string Id(string value) => Bytes(Guid.Parse(value).ToByteArray(bigEndian: true));

    private protected override IRegistryStore OpenRegistry()
    {
        var database = new SqliteDatabase(_folder.File(SqliteDatabase.FileName), TimeProvider.System);
        var store = new SqliteRegistryStore(database, Box);
        _opened.Add(store);
        return store;
    }

    private protected override IUsageStore OpenLedger()
    {
        var store = new LedgerDatabase(_folder.File(SqliteDatabase.LedgerFileName)).Store();
        _opened.Add(store);
        return store;
    }

    private async Task MakeAsync(string file, string series, string rows)
    {
        var first = Migration.Embedded(series).Take(1).ToList();
        var database = new SqliteDatabase(_folder.File(file), TimeProvider.System, first);
        await using SqliteConnection connection = await database.OpenMigratedAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = rows;
        await command.ExecuteNonQueryAsync(Stop);
    }
}

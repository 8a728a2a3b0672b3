using Penstock.Probing;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

public sealed class SqliteCardStoreTests : CardStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override ICardStore Open() =>
        new SqliteCardStore(MigratedDatabase.At(_folder.File("penstock.db"), TimeProvider.System));
}

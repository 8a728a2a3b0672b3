using Penstock.Metering;
using Penstock.Probing;
using Penstock.Registry;

namespace Penstock.Storage.Sqlite;

/// <summary>The embedded stores: the registry and the ledger, a file each in the data folder.</summary>
internal static class SqliteStorageFeature
{
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services) =>
        services
            .AddSingleton(provider => Database(provider, SqliteDatabase.FileName, SqliteMigrations.Registry))
            .AddSingleton<ICardStore, SqliteCardStore>()
            .AddSingleton<IRegistryStore, SqliteRegistryStore>()
            .AddSingleton<IUsageStore>(provider => new SqliteUsageStore(
                Database(provider, SqliteDatabase.LedgerFileName, SqliteMigrations.Ledger)
            ));

    private static SqliteDatabase Database(IServiceProvider provider, string file, string series) =>
        new(
            provider.GetRequiredService<DataFolder>().File(file),
            provider.GetRequiredService<TimeProvider>(),
            Migration.Embedded(series)
        );
}

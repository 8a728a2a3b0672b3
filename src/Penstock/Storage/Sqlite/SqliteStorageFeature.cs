using Penstock.Probing;
using Penstock.Registry;

namespace Penstock.Storage.Sqlite;

/// <summary>The embedded store: one file in the data folder.</summary>
internal static class SqliteStorageFeature
{
    /// <param name="folder">Opened by the host, which also says so when it is taken.</param>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, DataFolder folder) =>
        services
            .AddSingleton(folder)
            .AddSingleton(_ => SecretBox.Open(folder))
            .AddSingleton(provider => new SqliteDatabase(
                folder.File(SqliteDatabase.FileName),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<ICardStore, SqliteCardStore>()
            .AddSingleton<SqliteRegistryStore>()
            .AddSingleton<IRegistryStore>(provider => provider.GetRequiredService<SqliteRegistryStore>());
}

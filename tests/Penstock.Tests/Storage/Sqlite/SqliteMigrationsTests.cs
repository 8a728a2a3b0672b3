using Microsoft.Data.Sqlite;
using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

public sealed class SqliteMigrationsTests : IDisposable
{
    private static readonly Migration First = Migration.Of(1, "0001_first", "CREATE TABLE a (x INTEGER);");
    private static readonly Migration Second = Migration.Of(2, "0002_second", "CREATE TABLE b (x INTEGER);");

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_embedded_migrations_are_numbered_from_one_without_a_gap()
    {
        var embedded = Migration.Embedded(SqliteMigrations.Registry);

        Assert.Equal(Enumerable.Range(1, embedded.Count), embedded.Select(migration => migration.Number));
        Assert.All(embedded, migration => Assert.Matches("^[0-9]{4}_[a-z_]+$", migration.Name));
    }

    [Fact]
    public async Task Only_what_is_missing_is_applied()
    {
        await MigrateAsync(First);
        await MigrateAsync(First, Second);
        await MigrateAsync(First, Second);

        Assert.Equal(["a", "b", "schema_migrations"], Tables());
    }

    [Fact]
    public async Task A_migration_that_fails_half_way_leaves_nothing_behind()
    {
        var broken = Migration.Of(2, "0002_broken", "CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1);");

        await Assert.ThrowsAsync<StoreException>(() => MigrateAsync(First, broken));
        Assert.Equal(["a", "schema_migrations"], Tables());

        await MigrateAsync(First, Second);
        Assert.Equal(["a", "b", "schema_migrations"], Tables());
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_and_left_alone()
    {
        await MigrateAsync(First, Second);

        var error = await Assert.ThrowsAsync<StoreException>(() => MigrateAsync(First));

        Assert.Contains("its schema is 2, this program knows 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_was_changed_after_it_was_applied_is_refused()
    {
        await MigrateAsync(First);

        var error = await Assert.ThrowsAsync<StoreException>(() =>
            MigrateAsync(Migration.Of(1, "0001_first", "CREATE TABLE a (y INTEGER);"), Second)
        );

        Assert.Contains("another migration 0001_first", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "schema_migrations"], Tables());
    }

    public void Dispose() => _folder.Dispose();

    private async Task MigrateAsync(params Migration[] known)
    {
        var database = new SqliteDatabase(_folder.File("test.db"), TimeProvider.System, known);
        await using var connection = await database.OpenMigratedAsync(TestContext.Current.CancellationToken);
    }

    private List<string> Tables()
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("test.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}

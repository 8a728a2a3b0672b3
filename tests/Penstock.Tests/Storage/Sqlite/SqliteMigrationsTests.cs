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

    [Fact]
    public async Task A_process_that_is_killed_within_a_migration_leaves_a_database_that_opens()
    {
        await MigrateAsync(First);
        using var killed = new SqliteConnection($"Data Source={_folder.File("test.db")};Pooling=False");
        killed.Open();
        using var transaction = killed.BeginTransaction(deferred: false);
        using var half = killed.CreateCommand();
        half.CommandText = """
            CREATE TABLE b (x INTEGER);
            INSERT INTO b VALUES (1);
            """;
        half.ExecuteNonQuery();
        // The files as they lie in the middle are what a kill leaves.
        foreach (var file in Directory.GetFiles(_folder.Path, "test.db*"))
        {
            File.Copy(file, file.Replace("test.db", "left.db", StringComparison.Ordinal));
        }

        var database = new SqliteDatabase(_folder.File("left.db"), TimeProvider.System, [First, Second]);
        await using var connection = await database.OpenMigratedAsync(TestContext.Current.CancellationToken);

        using var count = connection.CreateCommand();
        count.CommandText = "SELECT count(*) FROM b";
        Assert.Equal(0L, count.ExecuteScalar());
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

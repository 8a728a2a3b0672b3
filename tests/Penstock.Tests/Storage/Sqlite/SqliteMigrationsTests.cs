using Microsoft.Data.Sqlite;
using Penstock.Registry;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

public sealed class SqliteMigrationsTests : IDisposable
{
    private static readonly SqliteMigration First = SqliteMigration.Of(1, "0001_first", "CREATE TABLE a (x INTEGER);");
    private static readonly SqliteMigration Second = SqliteMigration.Of(
        2,
        "0002_second",
        "CREATE TABLE b (x INTEGER);"
    );

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_embedded_migrations_are_numbered_from_one_without_a_gap()
    {
        var embedded = SqliteMigration.Embedded();

        Assert.Equal(Enumerable.Range(1, embedded.Count), embedded.Select(migration => migration.Number));
        Assert.All(embedded, migration => Assert.Matches("^[0-9]{4}_[a-z_]+$", migration.Name));
    }

    [Fact]
    public void Only_what_is_missing_is_applied()
    {
        Migrate(First);
        Migrate(First, Second);
        Migrate(First, Second);

        Assert.Equal(["a", "b", "schema_migrations"], Tables());
    }

    [Fact]
    public void A_migration_that_fails_half_way_leaves_nothing_behind()
    {
        var broken = SqliteMigration.Of(
            2,
            "0002_broken",
            "CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1);"
        );

        Assert.Throws<StoreException>(() => Migrate(First, broken));
        Assert.Equal(["a", "schema_migrations"], Tables());

        Migrate(First, Second);
        Assert.Equal(["a", "b", "schema_migrations"], Tables());
    }

    [Fact]
    public void A_database_of_a_newer_program_is_refused_and_left_alone()
    {
        Migrate(First, Second);

        var error = Assert.Throws<StoreException>(() => Migrate(First));

        Assert.Contains("its schema is 2, this program knows 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_migration_that_was_changed_after_it_was_applied_is_refused()
    {
        Migrate(First);

        var error = Assert.Throws<StoreException>(() =>
            Migrate(SqliteMigration.Of(1, "0001_first", "CREATE TABLE a (y INTEGER);"), Second)
        );

        Assert.Contains("another migration 0001_first", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "schema_migrations"], Tables());
    }

    public void Dispose() => _folder.Dispose();

    private void Migrate(params SqliteMigration[] known)
    {
        var database = new SqliteDatabase(_folder.File("test.db"), TimeProvider.System, known);
        using var connection = database.Open();
        database.Migrate(connection);
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

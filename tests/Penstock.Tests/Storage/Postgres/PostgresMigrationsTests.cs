using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Postgres;

namespace Penstock.Tests.Storage.Postgres;

public sealed class PostgresMigrationsTests : IAsyncLifetime
{
    private const string Tables =
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1";

    private static readonly Migration First = Migration.Of(1, "0001_first", "CREATE TABLE a (x integer);");
    private static readonly Migration Second = Migration.Of(2, "0002_second", "CREATE TABLE b (x integer);");

    private TestDatabase _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.NewAsync();

    [Fact]
    public void The_embedded_migrations_are_numbered_from_one_without_a_gap()
    {
        var embedded = Migration.Embedded(PostgresMigrations.Series);

        Assert.NotEmpty(embedded);
        Assert.Equal(Enumerable.Range(1, embedded.Count), embedded.Select(migration => migration.Number));
        Assert.All(embedded, migration => Assert.Matches("^[0-9]{4}_[a-z_]+$", migration.Name));
    }

    [Fact]
    public async Task Only_what_is_missing_is_applied()
    {
        await MigrateAsync(First);
        await MigrateAsync(First, Second);
        await MigrateAsync(First, Second);

        Assert.Equal(["a", "b", "schema_migrations"], await _database.ColumnAsync(Tables));
    }

    [Fact]
    public async Task Gateways_that_start_at_once_apply_each_step_once()
    {
        // No IF NOT EXISTS in the steps: a second application would fail.
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => MigrateAsync(First, Second)));

        Assert.Equal(["1", "2"], await _database.ColumnAsync("SELECT version FROM schema_migrations ORDER BY 1"));
    }

    [Fact]
    public async Task A_migration_that_fails_half_way_leaves_nothing_behind()
    {
        var broken = Migration.Of(2, "0002_broken", "CREATE TABLE b (x integer); INSERT INTO nowhere VALUES (1);");

        await Assert.ThrowsAsync<StoreAwayException>(() => MigrateAsync(First, broken));
        Assert.Equal(["a", "schema_migrations"], await _database.ColumnAsync(Tables));

        await MigrateAsync(First, Second);
        Assert.Equal(["a", "b", "schema_migrations"], await _database.ColumnAsync(Tables));
    }

    [Fact]
    public async Task A_gateway_that_dies_within_a_migration_leaves_a_database_that_opens()
    {
        await MigrateAsync(First);
        await _database.ExecuteAsync("INSERT INTO a VALUES (42)");
        // The server ends a session in the middle of the step, which is all that it sees of a gateway that is killed.
        var dying = Migration.Of(
            2,
            "0002_second",
            "CREATE TABLE b (x integer); DELETE FROM a; SELECT pg_terminate_backend(pg_backend_pid());"
        );
        await Assert.ThrowsAsync<StoreAwayException>(() => MigrateAsync(First, dying));

        await MigrateAsync(First, Second);

        Assert.Equal(["a", "b", "schema_migrations"], await _database.ColumnAsync(Tables));
        Assert.Equal(42, await _database.NumberAsync("SELECT x FROM a"));
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
        var changed = Migration.Of(1, "0001_first", "CREATE TABLE a (y integer);");

        var error = await Assert.ThrowsAsync<StoreException>(() => MigrateAsync(changed, Second));

        Assert.Contains("another migration 0001_first", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "schema_migrations"], await _database.ColumnAsync(Tables));
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named_without_its_password()
    {
        using var nowhere = _database.Open(with: options =>
            options.Connection = "Host=127.0.0.1;Port=1;Username=u;Password=pa55word;Database=d"
        );

        var error = await Assert.ThrowsAsync<StoreAwayException>(() => OpenAsync(nowhere));

        Assert.Contains("127.0.0.1:1/d cannot be used", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pa55word", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_cannot_be_read_is_told_by_the_name_of_its_setting()
    {
        var error = Assert.Throws<StoreException>(() =>
            _database.Open(with: options => options.Connection = "Hots=x;Password=pa55word")
        );

        Assert.Contains("Database:Connection", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pa55word", error.Message, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task MigrateAsync(params Migration[] known) => OpenAsync(_database.Open(known));

    private static Task OpenAsync(PostgresDatabase database) =>
        database.UseAsync(static _ => Task.FromResult(true), Stop);
}

using System.Globalization;

namespace Penstock.EndToEndTests.Harness;

/// <summary>
/// A place in a database where a process is held in the middle of its transaction, to be killed there. What goes through is
/// counted by a sequence: the count goes on, and is seen, whatever becomes of the transaction.
/// </summary>
internal sealed class PostgresGate(PostgresServer server, string database)
{
    private const string Gate = """
        CREATE SCHEMA gate;
        CREATE TABLE gate.stop AS SELECT 0 AS at;
        CREATE SEQUENCE gate.passed;
        CREATE FUNCTION gate.pass() RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('gate.passed') = (SELECT at FROM gate.stop) THEN
            WHILE (SELECT at FROM gate.stop) <> 0 LOOP PERFORM pg_sleep(0.01); END LOOP;
          END IF;
        END $$;
        CREATE FUNCTION gate.at_statement() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM gate.pass(); END';
        CREATE FUNCTION gate.at_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM gate.pass(); RETURN NULL; END';
        """;

    /// <summary>To be put into statements of the test's own.</summary>
    public const string Pass = "SELECT gate.pass()";

    /// <summary>Every statement that makes or changes a table or something like it.</summary>
    public const string AtStatements =
        "CREATE EVENT TRIGGER gate ON ddl_command_end EXECUTE FUNCTION gate.at_statement()";

    /// <summary>Every row that is changed.</summary>
    public static string AtRowsOf(string table) =>
        $"CREATE TRIGGER gate AFTER UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION gate.at_row()";

    /// <summary>The commit of what has changed a row: from there on the server does as it was told.</summary>
    public static string AtCommitOf(string table, string change) =>
        $"CREATE CONSTRAINT TRIGGER gate AFTER {change} ON {table} DEFERRABLE INITIALLY DEFERRED "
        + "FOR EACH ROW EXECUTE FUNCTION gate.at_row()";

    /// <param name="places">The last may be one that counts what builds it.</param>
    public static async Task BuildAsync(PostgresServer server, string database, params string[] places)
    {
        await server.QueryAsync(database, Gate);
        foreach (var place in places)
        {
            await server.QueryAsync(database, place);
        }

        await new PostgresGate(server, database).CountAnewAsync();
    }

    public Task CountAnewAsync() => server.QueryAsync(database, "SELECT setval('gate.passed', 1, false)");

    public Task<long> PassedAsync() =>
        NumberAsync("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM gate.passed");

    /// <summary>Lets nobody pass at the given place.</summary>
    public Task CloseAsync(long stop) => server.QueryAsync(database, $"UPDATE gate.stop SET at = {stop}");

    public Task OpenAsync() => server.QueryAsync(database, "UPDATE gate.stop SET at = 0");

    /// <summary>Starts a process, kills it when it stands at the given place, and lets its session come to its end.</summary>
    public async Task KillAtAsync(long stop, Func<ChildProcess> start)
    {
        await CloseAsync(stop);
        await using (var process = start())
        {
            await Until.TrueAsync(
                async () => process.HasExited || await PassedAsync() == stop,
                $"place {stop} to be reached",
                process.Output.ToString
            );
            Assert.False(process.HasExited, process.Output.ToString());
            process.KillHard();
            await process.WaitForExitAsync();
        }

        // The server notices at its next word to a client that is gone.
        await OpenAsync();
        await LeftAloneAsync();
    }

    /// <summary>Waits until nobody is connected.</summary>
    public Task LeftAloneAsync() =>
        Until.TrueAsync(
            async () =>
                (
                    await server.QueryAsync("postgres", $"SELECT 1 FROM pg_stat_activity WHERE datname = '{database}'")
                ).Count == 0,
            $"{database} to be left alone"
        );

    private async Task<long> NumberAsync(string query) =>
        long.Parse((await server.QueryAsync(database, query)).Single()[0], CultureInfo.InvariantCulture);
}

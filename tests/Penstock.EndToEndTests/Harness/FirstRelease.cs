using System.Security.Cryptography;
using System.Text;

namespace Penstock.EndToEndTests.Harness;

/// <summary>
/// Databases as the first release left them, made of the first steps of the schema by each database's own shell. A step that
/// was released never changes: its checksum is in the database, and a gateway that has another refuses it.
/// </summary>
internal static class FirstRelease
{
    /// <summary>So many that a step which looks at each takes longer than a process takes to be killed.</summary>
    public const int Keys = 100_000;

    /// <summary>Keys of a registry whose steps are stopped by other means than their length.</summary>
    public const int FewKeys = 20_000;

    public const int Audited = 1_000;

    /// <summary>Requests that the ledger knows, each of <see cref="PromptTokens"/>.</summary>
    public const int Requests = 500;

    public const int PromptTokens = 3;

    /// <summary>A key that is in each of them, and what it says to the gateway.</summary>
    public const string Key = "ci";

    private const string Workspace = "00000000-0000-0000-0000-00000000000a";
    private const string KeyId = "00000000-0000-0000-0000-0000000000aa";

    /// <summary>The beginning of a statement that makes a row of each number, in words of both databases.</summary>
    private static string Numbers(int most) =>
        $"WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {most})";

    /// <summary>The registry and the ledger of the embedded database, in a data folder.</summary>
    public static async Task MakeAsync(string data)
    {
        Directory.CreateDirectory(data);
        // What is made here need not outlive a loss of power; the log is what the gateway would have set.
        const string Quickly = "PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL;";
        await SqliteShell.RunAsync(
            Path.Combine(data, "penstock.db"),
            Quickly,
            Step("Sqlite/Migrations", "0001_registry", "INTEGER"),
            Registry($"x'{Declaration.Sha256(Key)}'"),
            $"""
            {Numbers(Keys - 1)}
            INSERT INTO api_keys (id, workspace_id, name, hash, hint, models, permissions, created_at)
            SELECT printf('00000000-0000-0000-0001-%012x', i), '{Workspace}', 'key ' || i, randomblob(32), 'psk_...', '["m"]',
                   '[]', i FROM numbers;
            """,
            $"""
            {Numbers(Audited)}
            INSERT INTO audit (at, actor, action, kind, id) SELECT i, 'first release', 'create', 'key', i FROM numbers;
            """
        );
        await SqliteShell.RunAsync(
            Path.Combine(data, "ledger.db"),
            Quickly,
            Step("Sqlite/Ledger", "0001_ledger", "INTEGER"),
            Ledger(id => $"x'{id.ToString("N")}'")
        );
    }

    /// <summary>The registry alone, as a gateway left it that ended between the first two steps.</summary>
    public static async Task MakeAsync(PostgresServer server, string database)
    {
        await server.QueryAsync(database, Step("Postgres/Migrations", "0001_registry", "bigint"));
        await server.QueryAsync(database, Registry($@"'\x{Declaration.Sha256(Key)}'"));
        await server.QueryAsync(
            database,
            $"""
            {Numbers(FewKeys - 1)}
            INSERT INTO api_keys (id, workspace_id, name, hash, hint, models, permissions, created_at)
            SELECT '00000000-0000-0000-0001-' || lpad(to_hex(i), 12, '0'), '{Workspace}', 'key ' || i,
                   sha256(int4send(i)), 'psk_...', '["m"]', '[]', i FROM numbers;
            {Numbers(Audited)}
            INSERT INTO audit (at, actor, action, kind, id) SELECT i, 'first release', 'create', 'key', i FROM numbers;
            """
        );
    }

    /// <summary>One row a column that must be the same for ever: how many keys, their times summed, what the audit holds.</summary>
    public const string Contents = """
        SELECT (SELECT count(DISTINCT hash) FROM api_keys), (SELECT sum(created_at) FROM api_keys),
               (SELECT count(*) FROM audit WHERE actor = 'first release')
        """;

    /// <summary>What <see cref="Contents"/> gives for so many keys.</summary>
    public static string[] ContentsOf(int keys) => [$"{keys}", $"{(long)keys * (keys - 1) / 2}", $"{Audited}"];

    private static string Step(string series, string name, string integer)
    {
        var sql = File.ReadAllText(Path.Combine(Schema(series), name + ".sql"));
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
        return $"""
            CREATE TABLE schema_migrations (
              version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at {integer} NOT NULL
            );
            INSERT INTO schema_migrations VALUES (1, '{name}', '{checksum}', 0);
            {sql}
            """;
    }

    /// <summary>Where the steps of a schema are.</summary>
    public static string Schema(string series) => Path.Combine(Built.Repository, "src/Penstock/Storage", series);

    private static string Registry(string hash) =>
        $"""
            INSERT INTO plans (name, requests_per_minute, max_requests_per_minute, burst, keys)
            VALUES ('pro', 500, 1000, 7, TRUE);
            INSERT INTO workspaces (id, name, plan, created_at) VALUES ('{Workspace}', 'acme', 'pro', 1000);
            INSERT INTO api_keys (id, workspace_id, name, hash, hint, permissions, created_at)
            VALUES ('{KeyId}', '{Workspace}', '{Key}', {hash}, 'psk_...', '[]', 0);
            """;

    /// <summary>Rows of this hour: none is so old that it would be deleted.</summary>
    private static string Ledger(Func<Guid, string> form)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (workspace, key) = (form(Guid.Parse(Workspace)), form(Guid.Parse(KeyId)));
        var rows = Enumerable
            .Range(0, Requests)
            .Select(_ =>
                $"({form(Guid.CreateVersion7(now))}, {now.ToUnixTimeMilliseconds()}, {workspace}, {key}, 'completed', "
                + $"FALSE, 200, 1, {PromptTokens}, FALSE, 4, 5)"
            );
        return $"""
            INSERT INTO requests (request_id, ended_at, workspace_id, key_id, ending, failed, status, attempts,
                                  prompt_tokens, estimated, duration, cost)
            VALUES {string.Join(",\n", rows)};
            INSERT INTO hourly_sums VALUES ({now.ToUnixTimeSeconds() / 3_600}, {workspace}, {key}, 'm', {Requests}, 0,
                                            {Requests * PromptTokens}, 0, 0, 0, {Requests * 5});
            INSERT INTO spending VALUES ({workspace}, {Requests * 5});
            """;
    }
}

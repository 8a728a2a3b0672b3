namespace Penstock.Storage.Sqlite;

/// <summary>Statements in words of SQLite alone.</summary>
internal static class Sql
{
    public const string ConfigureConnection = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA busy_timeout = 5000;
        """;

    public const string CreateMigrationTable = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
          version    INTEGER PRIMARY KEY,
          name       TEXT NOT NULL,
          checksum   TEXT NOT NULL,
          applied_at INTEGER NOT NULL
        ) STRICT
        """;

    public const string CountTables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'";

    public const string CountMigrationTables =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'";

    /// <summary>Twenty faults say as much as a thousand.</summary>
    public const string QuickCheck = "PRAGMA quick_check(20)";

    /// <summary>References are checked at the commit: records may come in any order.</summary>
    public const string DeferReferences = "PRAGMA defer_foreign_keys = ON";
}

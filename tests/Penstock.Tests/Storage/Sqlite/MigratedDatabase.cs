using Penstock.Storage.Sqlite;

namespace Penstock.Tests.Storage.Sqlite;

/// <summary>For a store that finds its tables there.</summary>
internal static class MigratedDatabase
{
    public static SqliteDatabase At(string path, TimeProvider time)
    {
        var database = new SqliteDatabase(path, time);
        // Complete when it is returned: SQLite knows no other way.
        database.OpenMigratedAsync(CancellationToken.None).GetAwaiter().GetResult().Dispose();
        return database;
    }
}

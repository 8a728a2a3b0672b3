using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Postgres;
using Penstock.Storage.Sqlite;

namespace Penstock.Hosting.Doctor;

/// <summary>The database: there, readable, whole, and of a form that this program knows.</summary>
internal sealed class DatabaseCheck(
    DataFolder folder,
    DatabaseOptions options,
    SecretOptions secretOptions,
    TimeProvider time
)
{
    private const string Name = "database";
    private const string Restore = "Stop Penstock and restore a backup (docs/operating.md, \"Backup and restore\").";

    private const string Reach =
        "See that the server runs, lets this user in and has this database, and that the gateways have one secret key "
        + "(docs/operating.md, \"Several gateways\").";

    /// <summary>How its operator knows it.</summary>
    private string _database = folder.File(SqliteDatabase.FileName);

    private bool IsShared => !string.IsNullOrEmpty(options.Connection);

    public async Task<StoreFindings> LookAsync(CancellationToken cancellation)
    {
        try
        {
            using var secrets = SecretBox.Find(folder, secretOptions);
            return IsShared ? await SharedAsync(secrets, cancellation) : await EmbeddedAsync(secrets, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StoreException)
        {
            return new StoreFindings { Exists = true, Problem = error.Message };
        }
    }

    public IEnumerable<Finding> Judge(StoreFindings store)
    {
        if (store.Problem is { } problem)
        {
            yield return Finding.Problem(Name, problem, IsShared ? Reach : Restore);
        }

        foreach (var damage in store.Damage)
        {
            yield return Finding.Problem(Name, $"{_database} is damaged: {damage}", Restore);
        }

        if (store.Problem is null && store.Damage.Count == 0)
        {
            yield return Finding.Ok(
                Name,
                store.Exists ? $"{_database} {Contents(store)}" : "there is none yet: the first start makes it"
            );
        }
    }

    private async Task<StoreFindings> SharedAsync(SecretBox? secrets, CancellationToken cancellation)
    {
        await using var database = new PostgresDatabase(options, time);
        _database = database.Name;
        var known = Migration.Embedded(PostgresMigrations.Series);
        return await new PostgresInspection(database, secrets, known).LookAsync(cancellation);
    }

    private Task<StoreFindings> EmbeddedAsync(SecretBox? secrets, CancellationToken cancellation)
    {
        var known = Migration.Embedded(SqliteMigrations.Registry);
        return new SqliteInspection(_database, secrets, known).LookAsync(cancellation);
    }

    private static string Contents(StoreFindings store) =>
        store.MissingSteps > 0
            ? $"is whole; the next start brings its schema to {store.NewestSchema}"
            : $"is whole, schema {store.NewestSchema}; workspaces: {store.State!.Workspaces.Count}, "
                + $"keys: {store.State.Keys.Count}, deployments: {store.State.Deployments.Count}";
}

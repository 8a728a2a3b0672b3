using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Sqlite;

namespace Penstock.Hosting.Doctor;

/// <summary>The database: readable, whole, and of a form that this program knows.</summary>
internal static class DatabaseCheck
{
    private const string Name = "database";
    private const string Restore = "Stop Penstock and restore a backup (docs/operating.md, \"Backup and restore\").";

    public static StoreFindings Look(DataFolder folder)
    {
        var path = folder.File(SqliteDatabase.FileName);
        try
        {
            using var secrets = SecretBox.Find(folder);
            return new SqliteInspection(path, secrets, SqliteMigration.Embedded()).Look();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StoreException)
        {
            return new StoreFindings { Exists = true, Problem = error.Message };
        }
    }

    public static IEnumerable<Finding> Judge(DataFolder folder, StoreFindings store)
    {
        var path = folder.File(SqliteDatabase.FileName);
        if (store.Problem is { } problem)
        {
            yield return Finding.Problem(Name, problem, Restore);
        }

        foreach (var damage in store.Damage)
        {
            yield return Finding.Problem(Name, $"{path} is damaged: {damage}", Restore);
        }

        if (store.Problem is null && store.Damage.Count == 0)
        {
            yield return Finding.Ok(
                Name,
                store.Exists ? $"{path} {Contents(store)}" : "there is none yet: the first start makes it"
            );
        }
    }

    private static string Contents(StoreFindings store) =>
        store.MissingSteps > 0
            ? $"is whole; the next start brings its schema to {store.NewestSchema}"
            : $"is whole, schema {store.NewestSchema}; workspaces: {store.State!.Workspaces.Count}, "
                + $"keys: {store.State.Keys.Count}, deployments: {store.State.Deployments.Count}";
}

using System.Globalization;
using Penstock.Hosting.Doctor;
using Penstock.Primitives;
using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Postgres;
using Penstock.Storage.Sqlite;

namespace Penstock.Hosting.Secrets;

/// <summary>
/// Turns a database from one sealing key to another while no gateway runs. The database is first, in one transaction, then
/// the key file of the data folder: killed between the two, it finds everything sealed anew when it is run again, and ends
/// what it began.
/// </summary>
internal sealed class Reseal(ResealSettings settings, TimeProvider time)
{
    /// <exception cref="StartException">The configuration has to be mended first.</exception>
    /// <exception cref="StoreException">Why nothing was changed.</exception>
    public async Task<ResealOutcome> RunAsync(CancellationToken cancellation)
    {
        // Held, so that no gateway runs on it; not made where a shared database and a key in the settings need none.
        using var folder = Directory.Exists(settings.Data)
            ? DataFolder.Open(settings.Data)
            : DataFolder.At(settings.Data);
        var serve = new ServeSettings(ServeSettings.DefaultUrls, null, settings.Data, null, [], false)
        {
            Database = settings.Database,
        };
        await using var configured = ConfiguredServer.Create(serve, folder);
        if (configured is not { Database: { } database, Secrets: { } secrets })
        {
            throw new StartException("The configuration has mistakes: penstock doctor tells them.");
        }

        var old =
            (settings.OldKey is { } file ? SealingKey.OfFile(file) : SealingKey.Find(folder, secrets))
            ?? throw new StoreException(
                $"There is no key in use: neither Secrets:Key nor Secrets:KeyFile is set, {folder.Path} has no "
                    + $"{SealingKey.FileName}, and --old-key is not given."
            );
        var fresh = File.Exists(settings.NewKey)
            ? SealingKey.OfFile(settings.NewKey)
            : SealingKey.Make(Path.GetFullPath(settings.NewKey));
        if (old.Bytes.Span.SequenceEqual(fresh.Bytes.Span))
        {
            throw new StoreException($"{settings.NewKey} holds the key that is in use: there is nothing to do.");
        }

        var resealing = await TurnAsync(database, folder, old, fresh, cancellation);
        var isOfFolder = settings.OldKey is null && secrets is { Key: null, KeyFile: null };
        return new ResealOutcome(
            resealing.Resealed,
            resealing.Already,
            isOfFolder ? PutInPlace(folder, old, fresh) : null
        );
    }

    private async Task<Resealing> TurnAsync(
        DatabaseOptions options,
        DataFolder folder,
        SealingKey old,
        SealingKey fresh,
        CancellationToken cancellation
    )
    {
        using var oldBox = new SecretBox(old);
        using var freshBox = new SecretBox(fresh);
        // Also where there is nothing to seal: the operator is to start the gateways with it.
        freshBox.Keep();
        var resealing = new Resealing(oldBox, freshBox, time);
        if (string.IsNullOrEmpty(options.Connection))
        {
            await SqliteReseal.RunAsync(folder.File(SqliteDatabase.FileName), resealing, time, cancellation);
        }
        else
        {
            await using var database = new PostgresDatabase(options, time);
            await PostgresReseal.RunAsync(database, resealing, cancellation);
        }

        return resealing;
    }

    /// <summary>The old one stays beside it: a backup from before opens with nothing else.</summary>
    private string PutInPlace(DataFolder folder, SealingKey old, SealingKey fresh)
    {
        var path = folder.File(SealingKey.FileName);
        var now = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        PrivateFile.Write($"{path}.until-{now}", old.Text, replace: true);
        PrivateFile.Write(path, fresh.Text, replace: true);
        return path;
    }
}

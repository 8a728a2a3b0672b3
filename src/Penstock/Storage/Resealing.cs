using System.Data.Common;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>
/// Seals every credential of a database anew, from one key to another, inside the caller's transaction: afterwards all are
/// sealed with the new key, or none is changed. What is sealed with the new key already is left as it is.
/// </summary>
internal sealed class Resealing(SecretBox old, SecretBox fresh, TimeProvider time)
{
    private const string Action = "reseal";
    private const string Kind = "sealing_key";

    public int Resealed { get; private set; }

    /// <summary>What the new key opened before anything was done.</summary>
    public int Already { get; private set; }

    /// <exception cref="StoreException">Something opens with neither key.</exception>
    public async Task RunAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        // First, as every change does: whoever seals meanwhile with the old key is waited for, or refused.
        await connection.ExecuteAsync(RegistrySql.RaiseRevision, cancellationToken);
        var rows = await connection.RowsAsync(
            RegistrySql.SelectSealed,
            row => (Deployment: row.Id(0), Position: row.GetInt32(1), Box: row.GetFieldValue<byte[]>(2)),
            cancellationToken
        );
        foreach (var (deployment, position, box) in rows)
        {
            if (Turn(box, RegistryWriter.OwnerOf(deployment)) is { } turned)
            {
                await connection.ExecuteAsync(
                    RegistrySql.UpdateSealed,
                    cancellationToken,
                    ("@sealed", turned),
                    ("@deployment_id", deployment),
                    ("@position", position)
                );
                Resealed++;
            }
            else
            {
                Already++;
            }
        }

        var entry = new AuditEntry(0, time.GetUtcNow(), Actors.CommandLine, Action, Kind, Kind, null, null);
        await new RegistryWriter(connection, fresh, cancellationToken).InsertAsync(entry);
    }

    /// <returns>Null: the new key opens it already.</returns>
    /// <exception cref="StoreException">Neither does.</exception>
    public byte[]? Turn(ReadOnlySpan<byte> box, string owner)
    {
        if (old.TryOpen(box, owner) is { } secret)
        {
            return fresh.Seal(secret, owner);
        }

        return fresh.TryOpen(box, owner) is not null
            ? null
            : throw new StoreException(
                $"What is sealed for {owner} opens neither with the old key nor with the new one. Nothing was changed: give "
                    + "the key that the gateways ran with as the old one."
            );
    }
}

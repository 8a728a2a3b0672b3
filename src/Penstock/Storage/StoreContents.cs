using System.Data.Common;
using System.Text.Json;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>What a database of the newest schema holds, for who only looks.</summary>
internal static class StoreContents
{
    /// <param name="findings">What was found so far.</param>
    /// <param name="database">How its operator knows it.</param>
    /// <param name="secrets">Opens the credentials; null: there is no key yet.</param>
    public static async Task<StoreFindings> ReadAsync(
        DbConnection connection,
        StoreFindings findings,
        string database,
        SecretBox? secrets,
        CancellationToken cancellationToken
    )
    {
        findings = findings with
        {
            LastChange = await AuditTable.LastChangeAsync(connection, cancellationToken),
            Cards = await CardTable.LoadAsync(connection, cancellationToken),
        };
        // Without a key any key does: the database may hold no credential at all.
        using var none = secrets is null ? new SecretBox(new byte[SealingKey.Length]) : null;
        try
        {
            var stored = await new RegistryReader(connection, secrets ?? none!, cancellationToken).ReadAsync();
            return findings with { State = stored.State };
        }
        catch (StoreException error)
        {
            return findings with { Problem = secrets is null ? SealingKey.Missing : error.Message };
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return findings with { Problem = $"{database} holds a record that cannot be read: {error.Message}" };
        }
    }
}

using System.Globalization;
using FsCheck.Xunit;
using Microsoft.Data.Sqlite;
using Penstock.Engines;
using Penstock.Metering;
using Penstock.Primitives;
using Penstock.Tests.Metering;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

public sealed class SqliteRowProperties
{
    private const string Columns =
        "hex(workspace_id) || '|' || hex(key_id) || '|' || quote(model) || '|' || quote(deployment_id) || '|' || "
        + "quote(replica) || '|' || ending || '|' || failed || '|' || status || '|' || quote(prompt_tokens) || '|' || "
        + "quote(cached_tokens) || '|' || quote(queued) || '|' || duration || '|' || quote(prompt_price) || '|' || cost";

    // Few of each, so that rows repeat each other in some values and not in others.
    private static readonly string?[] Texts = [null, "", "llama", "gpt-oss", "gpt-ös"];
    private static readonly Guid[] Ids = [Rows.Acme, Rows.Key, Guid.Empty];
    private static readonly long?[] Numbers = [null, 0, 1, -1, long.MaxValue];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Property(MaxTest = 40)]
    public async Task A_row_is_kept_as_it_is_whatever_the_row_before_was((int Seed, byte Length)[] batches)
    {
        using var folder = new TemporaryFolder();
        var database = new LedgerDatabase(folder.File("ledger.db"));
        using var store = database.Store();
        await store.OpenAsync(Stop);
        var all = new List<UsageRecord>();

        foreach (var (seed, length) in batches)
        {
            var chance = new Chance(seed);
            var rows = Enumerable.Range(0, length % 8).Select(_ => Row(chance)).ToArray();
            if (seed % 4 == 0)
            {
                // A batch that breaks in its middle leaves nothing, and nothing behind for the next.
                await Assert.ThrowsAsync<SqliteException>(() =>
                    store.AppendAsync(rows.Append(Row(chance) with { Ending = null! }).ToArray(), Stop)
                );
            }
            else
            {
                await store.AppendAsync(rows, Stop);
                all.AddRange(rows);
            }
        }

        Assert.Equal(
            all.OrderBy(row => row.RequestId.ToString("N"), StringComparer.Ordinal).Select(Text),
            database.Column(Columns)
        );
    }

    private static UsageRecord Row(Chance chance) =>
        Rows.Full() with
        {
            WorkspaceId = Of(Ids, chance),
            KeyId = Of(Ids, chance),
            Model = Of(Texts, chance),
            DeploymentId = Below(chance, 3) == 0 ? null : Of(Ids, chance),
            Replica = Of(Texts, chance),
            Ending = Below(chance, 2) == 0 ? "completed" : "engine_error",
            Failed = Below(chance, 2) == 0,
            Status = Below(chance, 2),
            Tokens = Below(chance, 3) == 0 ? null : new TokenUsage(Below(chance, 3), 7, Below(chance, 2), null),
            Queued = Of(Numbers, chance),
            Duration = Of(Numbers, chance) ?? 5,
            Price = Below(chance, 2) == 0 ? null : new TokenPrice(Below(chance, 2), null, 1_000),
        };

    private static T Of<T>(T[] values, Chance chance) => values[Below(chance, values.Length)];

    private static int Below(Chance chance, int most) => (int)(chance.NextDouble() * most);

    private static string Text(UsageRecord row) =>
        string.Join(
            '|',
            Hex(row.WorkspaceId),
            Hex(row.KeyId),
            Quoted(row.Model),
            row.DeploymentId is { } id ? $"X'{Hex(id)}'" : "NULL",
            Quoted(row.Replica),
            row.Ending,
            row.Failed ? "1" : "0",
            Quoted(row.Status),
            Quoted(row.Tokens?.Prompt),
            Quoted(row.Tokens?.Cached),
            Quoted(row.Queued),
            Quoted(row.Duration),
            Quoted(row.Price?.Prompt),
            Quoted(row.Cost)
        );

    private static string Hex(Guid id) => id.ToString("N").ToUpperInvariant();

    private static string Quoted(string? text) => text is null ? "NULL" : $"'{text}'";

    private static string Quoted(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "NULL";
}

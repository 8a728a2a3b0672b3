using System.Globalization;
using Penstock.Metering;
using Penstock.Tests.Metering;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

/// <summary>
/// A ledger of 200,000 rows is summed from its hourly sums, not from its rows. PENSTOCK_LEDGER_ROWS sets another number,
/// for a try by hand.
/// </summary>
public sealed class LedgerSizeTests
{
    private const int Batch = 10_000;

    [Fact]
    public async Task Sums_of_a_large_ledger_are_right_and_come_from_few_rows()
    {
        var wanted = Environment.GetEnvironmentVariable("PENSTOCK_LEDGER_ROWS");
        var rows = wanted is null ? 200_000 : int.Parse(wanted, CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        var database = new LedgerDatabase(folder.File("ledger.db"));
        using var store = database.Store();
        var stop = TestContext.Current.CancellationToken;
        await store.OpenAsync(stop);
        for (var from = 0; from < rows; from += Batch)
        {
            await store.AppendAsync(Enumerable.Range(from, Math.Min(Batch, rows - from)).Select(Row).ToArray(), stop);
        }

        foreach (var by in Enum.GetValues<UsageGrouping>())
        {
            var began = TimeProvider.System.GetTimestamp();
            var sums = await store.SumAsync(new UsageQuestion(by, DateTimeOffset.UnixEpoch, null), stop);
            var took = TimeProvider.System.GetElapsedTime(began);
            TestContext.Current.TestOutputHelper!.WriteLine($"{rows} rows by {by}: {took.TotalMilliseconds:0} ms");
            Assert.Equal(rows, sums.Sum(sum => sum.Requests));
            Assert.Equal(10L * rows, sums.Sum(sum => sum.PromptTokens));
        }

        // Thirty days of twenty keys and five models: that is what a question reads, whatever the number of rows.
        Assert.InRange(database.Number("SELECT count(*) FROM hourly_sums"), 1, 30 * 24 * 20 * 5);
    }

    private static UsageRecord Row(int number) =>
        Rows.Used(10, 20, Rows.At.AddMinutes(number % 43_200), KeyOf(number % 20)) with
        {
            Model = $"model-{number % 5}",
        };

    private static Guid KeyOf(int number) => new(number, 0, 0, new byte[8]);
}

using System.Globalization;
using Penstock.Metering;
using Penstock.Tests.Metering;

namespace Penstock.Tests.Storage;

/// <summary>
/// A ledger of 200,000 rows is summed from its hourly sums, not from its rows. PENSTOCK_LEDGER_ROWS sets another number,
/// for a try by hand. A store's own test class inherits it and says how to open one.
/// </summary>
public abstract class LedgerSizeContract
{
    private const int Batch = 10_000;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract Task<IUsageStore> OpenAsync();

    private protected abstract Task<long> CountSumsAsync();

    [Fact]
    public async Task Sums_of_a_large_ledger_are_right_and_come_from_few_rows()
    {
        var wanted = Environment.GetEnvironmentVariable("PENSTOCK_LEDGER_ROWS");
        var rows = wanted is null ? 200_000 : int.Parse(wanted, CultureInfo.InvariantCulture);
        var store = await OpenAsync();
        var started = TimeProvider.System.GetTimestamp();
        for (var from = 0; from < rows; from += Batch)
        {
            await store.AppendAsync(Enumerable.Range(from, Math.Min(Batch, rows - from)).Select(Row).ToArray(), Stop);
        }

        Tell($"{rows} rows written in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s");
        foreach (var by in Enum.GetValues<UsageGrouping>())
        {
            var began = TimeProvider.System.GetTimestamp();
            var sums = await store.SumAsync(new UsageQuestion(by, DateTimeOffset.UnixEpoch, null), Stop);
            Tell($"{rows} rows by {by}: {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms");
            Assert.Equal(rows, sums.Sum(sum => sum.Requests));
            Assert.Equal(10L * rows, sums.Sum(sum => sum.PromptTokens));
        }

        // Thirty days of twenty keys and five models: that is what a question reads, whatever the number of rows.
        Assert.InRange(await CountSumsAsync(), 1, 30 * 24 * 20 * 5);
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    private static UsageRecord Row(int number) =>
        Rows.Used(10, 20, Rows.At.AddMinutes(number % 43_200), KeyOf(number % 20)) with
        {
            Model = $"model-{number % 5}",
        };

    private static Guid KeyOf(int number) => new(number, 0, 0, new byte[8]);
}

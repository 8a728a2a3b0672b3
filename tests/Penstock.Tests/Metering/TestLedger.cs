using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Penstock.Metering;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;
using Penstock.Tests.Storage.Sqlite;

namespace Penstock.Tests.Metering;

/// <summary>The ledger with its writer and a real database.</summary>
internal sealed class TestLedger : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteUsageStore _store;
    private readonly UsageWriter _writer;

    private TestLedger(LedgerOptions options)
    {
        Metrics = new LedgerMetrics(Meters.Factory);
        Spool = new UsageSpool(_folder.File("spool"), options, Metrics);
        Ledger = new UsageLedger(options, Spool, Metrics);
        _store = Database.Store();
        var logs = LoggerFactory.Create(builder => builder.AddProvider(new FakeLoggerProvider(Logs)));
        Hand = new StoreHand(_store, Ledger, options, Metrics, TimeProvider.System, logs.CreateLogger<StoreHand>());
        _writer = new UsageWriter(
            Ledger,
            Spool,
            Hand,
            options,
            Metrics,
            TimeProvider.System,
            logs.CreateLogger<UsageWriter>()
        );
    }

    public TestMeters Meters { get; } = new();
    public LedgerMetrics Metrics { get; }
    public UsageSpool Spool { get; }
    public UsageLedger Ledger { get; }
    public StoreHand Hand { get; }
    public FakeLogCollector Logs { get; } = new();

    public LedgerDatabase Database => new(_folder.File("ledger.db"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="there">Rows that an earlier start has left.</param>
    public static async Task<TestLedger> StartAsync(LedgerOptions? options = null, params UsageRecord[] there)
    {
        var ledger = new TestLedger(options ?? new LedgerOptions { FlushMilliseconds = 10 });
        await ledger._store.OpenAsync(Stop);
        await ledger._store.AppendAsync(there, Stop);
        await ledger._writer.StartAsync(Stop);
        return ledger;
    }

    public Task FlushAsync() => _writer.FlushAsync(Stop);

    public Task StopAsync() => _writer.StopAsync(Stop);

    public long CountRows() => Database.Number("SELECT count(*) FROM requests");

    /// <summary>Takes the table away, or gives it back: every write fails meanwhile.</summary>
    public void Break() => Database.Execute("ALTER TABLE requests RENAME TO elsewhere");

    public void Mend() => Database.Execute("ALTER TABLE elsewhere RENAME TO requests");

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync(CancellationToken.None);
        _writer.Dispose();
        _store.Dispose();
        Meters.Dispose();
        _folder.Dispose();
    }
}

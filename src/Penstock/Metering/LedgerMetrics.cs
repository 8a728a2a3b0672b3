using System.Diagnostics.Metrics;

namespace Penstock.Metering;

/// <summary>How the ledger is doing.</summary>
internal sealed class LedgerMetrics
{
    public const string MeterName = "Penstock.Metering";

    private readonly Counter<long> _rows;
    private readonly Counter<long> _lost;
    private readonly UpDownCounter<long> _spooled;

    public LedgerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _rows = meter.CreateCounter<long>("penstock.ledger.rows", "{row}", "Rows handed to the database.");
        _lost = meter.CreateCounter<long>(
            "penstock.ledger.lost",
            "{row}",
            "Rows that found no place in the queue or in the spool: never billed."
        );
        _spooled = meter.CreateUpDownCounter<long>(
            "penstock.ledger.spooled",
            "By",
            "Bytes of rows that wait on disk for the database."
        );
    }

    public void Write(int rows) => _rows.Add(rows);

    public void Lose(int rows) => _lost.Add(rows);

    /// <param name="bytes">Negative: the database has them.</param>
    public void Spool(long bytes) => _spooled.Add(bytes);
}

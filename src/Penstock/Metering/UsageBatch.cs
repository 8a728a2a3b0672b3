using System.Buffers;

namespace Penstock.Metering;

/// <summary>
/// Rows on their way to the database. A lease on an array that is used again: a thousand rows are a quarter of a megabyte,
/// which the collector would only look for among its oldest.
/// </summary>
internal sealed class UsageBatch : IDisposable
{
    private UsageRecord[] _rows;
    private readonly int _count;

    private UsageBatch(UsageRecord[] rows, int count) => (_rows, _count) = (rows, count);

    public ReadOnlyMemory<UsageRecord> Rows => _rows.AsMemory(0, _count);

    /// <summary>Takes what has gathered.</summary>
    /// <param name="most">Rows at a time.</param>
    /// <returns>Null: nothing has.</returns>
    public static UsageBatch? Take(UsageLedger ledger, int most)
    {
        var expected = Math.Min(ledger.Count, most);
        if (expected == 0)
        {
            return null;
        }

        var rows = ArrayPool<UsageRecord>.Shared.Rent(expected);
        var count = 0;
        while (count < expected && ledger.TryTake(out rows[count]))
        {
            count++;
        }

        return new UsageBatch(rows, count);
    }

    public void Dispose()
    {
        _rows.AsSpan(0, _count).Clear();
        ArrayPool<UsageRecord>.Shared.Return(_rows);
        _rows = [];
    }
}

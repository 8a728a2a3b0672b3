namespace Penstock.Metering;

/// <summary>
/// Rows that go to the database together. Its memory is used again: a thousand rows are a quarter of a megabyte, which
/// the collector would only look for among its oldest.
/// </summary>
/// <param name="most">Rows that it ever holds.</param>
internal sealed class UsageBatch(int most)
{
    /// <summary>What one key's client sends between two flushes; doubled as needed.</summary>
    private const int FirstRows = 64;

    private UsageRecord[] _rows = new UsageRecord[Math.Min(FirstRows, most)];
    private int _count;

    public ReadOnlyMemory<UsageRecord> Rows => _rows.AsMemory(0, _count);

    /// <returns>How many there are now.</returns>
    public int Add(in UsageRecord row)
    {
        if (_count == _rows.Length)
        {
            Array.Resize(ref _rows, Math.Min(2 * _count, most));
        }

        _rows[_count] = row;
        return ++_count;
    }

    /// <summary>Forgets the rows and all that they refer to.</summary>
    public void Clear()
    {
        _rows.AsSpan(0, _count).Clear();
        _count = 0;
    }
}

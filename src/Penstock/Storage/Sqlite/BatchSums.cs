using Penstock.Metering;

namespace Penstock.Storage.Sqlite;

/// <summary>What one batch adds to the sums.</summary>
internal sealed class BatchSums
{
    private const long MillisecondsPerHour = 3_600_000;

    private readonly Dictionary<SumKey, UsageTally> _hours = [];
    private readonly Dictionary<Guid, long> _spent = [];
    private SumKey _last;
    private UsageTally? _tally;

    public IReadOnlyDictionary<SumKey, UsageTally> Hours => _hours;

    /// <summary>By workspace, in nano-units.</summary>
    public IReadOnlyDictionary<Guid, long> Spent => _spent;

    public void Add(in UsageRecord row)
    {
        TallyOf(new SumKey(row.EndedAt / MillisecondsPerHour, row.WorkspaceId, row.KeyId, row.Model ?? "")).Add(row);
        if (row.Cost is > 0 and var cost)
        {
            _spent[row.WorkspaceId] = _spent.GetValueOrDefault(row.WorkspaceId) + cost;
        }
    }

    /// <summary>Most rows are of the same key, model and hour as the one before.</summary>
    private UsageTally TallyOf(SumKey key)
    {
        if (_tally is { } same && _last == key)
        {
            return same;
        }

        if (!_hours.TryGetValue(key, out var tally))
        {
            _hours[key] = tally = new UsageTally();
        }

        (_last, _tally) = (key, tally);
        return tally;
    }
}

namespace Penstock.Metering;

/// <summary>
/// Where the ledger is kept. One writer calls it, never two at a time; questions may come at any moment and do not
/// hold the writer up.
/// </summary>
internal interface IUsageStore
{
    /// <summary>Brings the store to the form this program knows.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes rows and their sums in one transaction: all or none. A row whose request id is there already is left as it
    /// is and summed no second time, so that a batch may be handed over again after any failure.
    /// </summary>
    Task AppendAsync(ReadOnlyMemory<UsageRecord> rows, CancellationToken cancellationToken);

    /// <summary>Sums by one grouping, from the hourly sums alone.</summary>
    Task<IReadOnlyList<UsageSum>> SumAsync(UsageQuestion question, CancellationToken cancellationToken);

    /// <summary>What a workspace has ever spent, in nano-units, whatever has been pruned.</summary>
    Task<IReadOnlyDictionary<Guid, long>> SpentAsync(CancellationToken cancellationToken);

    /// <summary>Deletes the oldest rows and hourly sums before two moments, a bounded number at a time.</summary>
    /// <returns>How many are gone: fewer than <paramref name="most"/> when nothing older is left.</returns>
    Task<int> PruneAsync(
        DateTimeOffset rowsBefore,
        DateTimeOffset sumsBefore,
        int most,
        CancellationToken cancellationToken
    );
}

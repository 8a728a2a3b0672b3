namespace Penstock.Metering;

/// <summary>
/// Rows in memory on their way to the writer. A row is copied once, into the batch that the writer will take whole; batches
/// are used again. Safe for all threads.
/// </summary>
/// <param name="most">Rows that may wait.</param>
/// <param name="batchRows">Rows of one batch.</param>
internal sealed class UsageQueue(int most, int batchRows)
{
    /// <summary>
    /// One that is filled, one that is written, and two that have waited: fifty thousand requests a second, four megabytes.
    /// Batches that are thrown away are large objects, which stay until the collector looks through everything.
    /// </summary>
    private const int MostSpare = 4;

    private readonly Lock _gate = new();
    private readonly Queue<UsageBatch> _full = new();
    private readonly Stack<UsageBatch> _spare = new();
    private UsageBatch? _filling;
    private TaskCompletionSource? _awaited;
    private int _count;

    /// <returns>False: there is no place.</returns>
    public bool TryAdd(in UsageRecord row)
    {
        TaskCompletionSource? awaited;
        lock (_gate)
        {
            if (_count == most)
            {
                return false;
            }

            _count++;
            _filling ??= NewBatch();
            if (_filling.Add(row) == batchRows)
            {
                _full.Enqueue(_filling);
                _filling = null;
            }

            (awaited, _awaited) = (_awaited, null);
        }

        awaited?.SetResult();
        return true;
    }

    /// <summary>The oldest rows, at most a batch of them, which is the caller's to give back; null: there are none.</summary>
    public UsageBatch? Take()
    {
        lock (_gate)
        {
            if (!_full.TryDequeue(out var batch))
            {
                (batch, _filling) = (_filling, null);
            }

            _count -= batch?.Rows.Length ?? 0;
            return batch;
        }
    }

    /// <summary>Ends when a row is there. For one caller at a time.</summary>
    public Task AnyAsync()
    {
        lock (_gate)
        {
            if (_count > 0)
            {
                return Task.CompletedTask;
            }

            _awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _awaited.Task;
        }
    }

    /// <summary>The rows of a batch are forgotten, and its memory is there for the next.</summary>
    public void GiveBack(UsageBatch batch)
    {
        batch.Clear();
        lock (_gate)
        {
            if (_spare.Count < MostSpare)
            {
                _spare.Push(batch);
            }
        }
    }

    private UsageBatch NewBatch() => _spare.TryPop(out var spare) ? spare : new UsageBatch(batchRows);
}

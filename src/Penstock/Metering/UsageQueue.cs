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
    private readonly AutoResetEvent _first = new(false);
    private bool _isAwaited;
    private int _count;

    /// <summary>Rows that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <returns>False: there is no place.</returns>
    public bool TryAdd(in UsageRecord row)
    {
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

            if (_isAwaited)
            {
                _isAwaited = false;
                _first.Set();
            }

            return true;
        }
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

    /// <summary>Sleeps until a row is there, somebody wakes it, or the time is over. For one thread at a time.</summary>
    public void AwaitAny(TimeSpan most)
    {
        lock (_gate)
        {
            if (_count > 0)
            {
                return;
            }

            _isAwaited = true;
        }

        _first.WaitOne(most);
    }

    /// <summary>Whoever sleeps goes on, or will not fall asleep the next time.</summary>
    public void Wake() => _first.Set();

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

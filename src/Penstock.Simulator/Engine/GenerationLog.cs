namespace Penstock.Simulator.Engine;

/// <summary>Remembers the last generations, so that a ledger can be compared with what the engine really did.</summary>
internal sealed class GenerationLog(int capacity)
{
    private readonly Queue<Generation> _generations = new();
    private readonly Lock _sync = new();
    private long _total;

    public IReadOnlyList<GenerationRecord> Records
    {
        get
        {
            lock (_sync)
            {
                var first = _total - _generations.Count + 1;
                return [.. _generations.Select((generation, i) => generation.Record(first + i))];
            }
        }
    }

    public void Add(Generation generation)
    {
        if (capacity == 0)
        {
            return;
        }

        lock (_sync)
        {
            _generations.Enqueue(generation);
            _total++;
            if (_generations.Count > capacity)
            {
                _generations.Dequeue();
            }
        }
    }

    public void Clear()
    {
        lock (_sync)
        {
            _generations.Clear();
            _total = 0;
        }
    }
}

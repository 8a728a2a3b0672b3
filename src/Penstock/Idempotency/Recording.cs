namespace Penstock.Idempotency;

/// <summary>
/// A generation under a key: what its owner hears, for all who listen, and who they are. It lives as long as anybody
/// listens: the first caller, or a twin. A lease of the owner; given back without a word it is withdrawn.
/// </summary>
internal sealed partial class Recording(MemoryIdempotencyStore store, IdempotencyKey key, Fingerprint body)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AnswerPieces _pieces = new();
    private CancellationTokenSource? _abandoned = new();
    private TaskCompletionSource? _changed;
    private TaskCompletionSource? _joined;
    private TaskCompletionSource? _ended;
    private int _twins;
    private bool _firstHasLeft;
    private bool _isAllSaid;
    private bool _isLoose;

    public IdempotencyKey Key => key;

    public Fingerprint Body => body;

    public RecordingState State { get; private set; }

    /// <summary>What stands above the answer; null: that is not known yet.</summary>
    public AnswerHead? Head { get; private set; }

    public AnswerFailure? Failure { get; private set; }

    /// <summary>The owner is at work.</summary>
    public bool IsRunning => _abandoned is not null;

    /// <summary>Everybody left before the end.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Nobody can have anything of it any more: its key is free.</summary>
    public bool IsOver => State is RecordingState.Failed or RecordingState.Withdrawn || (IsAbandoned && IsRunning);

    /// <summary>Who listens, beside the first caller.</summary>
    public int Twins => Volatile.Read(ref _twins);

    /// <summary>Bytes that listeners may see.</summary>
    public int Length => _pieces.Shown;

    /// <summary>Bytes of memory; the store counts them.</summary>
    public int Capacity => _pieces.Capacity;

    /// <summary>Cancelled when nobody listens any more.</summary>
    public CancellationToken Abandoned => _abandoned?.Token ?? new CancellationToken(canceled: true);

    /// <summary>Completes when there is a twin.</summary>
    public Task TwinJoined
    {
        get
        {
            lock (_gate)
            {
                return _twins > 0 ? Task.CompletedTask : (_joined ??= NewSignal()).Task;
            }
        }
    }

    /// <summary>Completes when the owner is at an end, whichever.</summary>
    public Task Ended
    {
        get
        {
            lock (_gate)
            {
                return IsRunning ? (_ended ??= NewSignal()).Task : Task.CompletedTask;
            }
        }
    }

    /// <summary>The head stands; it goes out with the first byte.</summary>
    public void Begin(AnswerHead head) => Head = head;

    /// <summary>Room for more of the answer.</summary>
    /// <returns>False: it cannot be kept.</returns>
    public bool TryGetMemory(int least, out Memory<byte> memory)
    {
        least = Math.Max(1, least);
        memory = _pieces.Room;
        if (State == RecordingState.Unkept || memory.Length >= least)
        {
            return State != RecordingState.Unkept;
        }

        if (!store.TryGrow(_pieces.Capacity, least, Math.Max(least, _pieces.NextSize), out var size))
        {
            return false;
        }

        lock (_gate)
        {
            _pieces.Add(size);
            memory = _pieces.Room;
            return true;
        }
    }

    public void Advance(int count) => _pieces.Advance(count);

    /// <summary>Lets the listeners hear what has been written.</summary>
    public void Publish()
    {
        lock (_gate)
        {
            _pieces.Show();
            Wake();
        }
    }

    /// <summary>There is no room for all of it: the twins cannot have it, the first caller goes on without them.</summary>
    /// <param name="from">How far the first caller has come.</param>
    /// <returns>What they have not got yet.</returns>
    public List<ReadOnlyMemory<byte>> GiveUpKeeping(RecordingPlace from)
    {
        CancellationTokenSource? abandoned;
        int freed;
        List<ReadOnlyMemory<byte>> rest = [];
        lock (_gate)
        {
            freed = _pieces.Capacity;
            State = RecordingState.Unkept;
            _pieces.Show();
            while (_pieces.Next(ref from) is { IsEmpty: false } piece)
            {
                rest.Add(piece);
            }

            _pieces.Drop();
            Wake();
            abandoned = AbandonIfAlone();
        }

        store.Free(freed);
        store.Unkept();
        abandoned?.Cancel();
        return rest;
    }

    /// <summary>From now on it does not matter who leaves.</summary>
    public void AllIsSaid()
    {
        lock (_gate)
        {
            _isAllSaid = true;
        }
    }

    /// <summary>All has been said, and well. The store's to call.</summary>
    public void Seal()
    {
        lock (_gate)
        {
            if (State == RecordingState.Open)
            {
                _pieces.Show();
                _pieces.Trim();
                State = RecordingState.Whole;
            }

            End();
        }
    }

    /// <summary>Tells the twins how it failed.</summary>
    public void Fail(AnswerFailure failure)
    {
        lock (_gate)
        {
            Failure = failure;
        }

        End(RecordingState.Failed);
    }

    /// <summary>
    /// The owner did not get to generate, or nobody listens: one of the twins, if there are any, begins anew. Does
    /// nothing when it has ended otherwise.
    /// </summary>
    public void Withdraw() => End(RecordingState.Withdrawn);

    public void Dispose() => Withdraw();

    private void End(RecordingState state)
    {
        lock (_gate)
        {
            if (!IsRunning)
            {
                return;
            }

            _pieces.Show();
            State = state;
            End();
        }

        store.Remove(this);
    }

    private void End()
    {
        _abandoned = null;
        _ended?.TrySetResult();
        Wake();
    }

    private void Await(out Task? change)
    {
        change = null;
        if (State == RecordingState.Open)
        {
            _changed ??= NewSignal();
            change = _changed.Task;
        }
    }

    private void Wake()
    {
        _changed?.TrySetResult();
        _changed = null;
    }

    private CancellationTokenSource? AbandonIfAlone()
    {
        var isHeard = !_firstHasLeft || (_twins > 0 && State == RecordingState.Open);
        if (isHeard || _isAllSaid || !IsRunning || IsAbandoned)
        {
            return null;
        }

        IsAbandoned = true;
        return _abandoned;
    }

    private int TakeRest()
    {
        if (!_isLoose || _twins > 0)
        {
            return 0;
        }

        var bytes = _pieces.Capacity;
        _pieces.Drop();
        return bytes;
    }

    /// <summary>Listeners go on elsewhere, so that none of them holds the owner up.</summary>
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

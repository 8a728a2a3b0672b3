namespace Penstock.Idempotency;

/// <summary>Those who listen, and what is left when they have gone.</summary>
internal sealed partial class Recording
{
    /// <summary>The first caller hung up: it goes on for the twins, if there are any.</summary>
    public void FirstLeaves()
    {
        CancellationTokenSource? abandoned;
        lock (_gate)
        {
            _firstHasLeft = true;
            abandoned = AbandonIfAlone();
        }

        abandoned?.Cancel();
    }

    /// <summary>One more listens.</summary>
    /// <returns>Null: there is nothing to be heard.</returns>
    public Playback? Attach(RecordingPlace from)
    {
        lock (_gate)
        {
            if (State == RecordingState.Unkept)
            {
                return null;
            }

            _twins++;
            _joined?.TrySetResult();
            return new Playback(this, from);
        }
    }

    public void TwinLeaves()
    {
        CancellationTokenSource? abandoned;
        int freed;
        lock (_gate)
        {
            _twins--;
            abandoned = AbandonIfAlone();
            freed = TakeRest();
        }

        store.Free(freed);
        abandoned?.Cancel();
    }

    /// <summary>Gives up a whole answer, unless somebody listens to it.</summary>
    public bool TryForget()
    {
        lock (_gate)
        {
            if (State != RecordingState.Whole || _twins > 0)
            {
                return false;
            }

            State = RecordingState.Unkept;
            _pieces.Drop();
            return true;
        }
    }

    /// <summary>The store does not have it any more: its memory is free when the last one has listened.</summary>
    public void Loosen()
    {
        int freed;
        lock (_gate)
        {
            _isLoose = true;
            freed = TakeRest();
        }

        store.Free(freed);
    }

    /// <param name="payload">More of the answer, if there is more.</param>
    /// <param name="change">What to wait for; null: what is returned stands, Open for a payload.</param>
    public RecordingState Read(ref RecordingPlace place, out ReadOnlyMemory<byte> payload, out Task? change)
    {
        lock (_gate)
        {
            payload = _pieces.Next(ref place);
            change = null;
            if (payload.IsEmpty)
            {
                Await(out change);
                return State;
            }

            return RecordingState.Open;
        }
    }

    /// <summary>Whether there will be more.</summary>
    public RecordingState Look(out Task? change)
    {
        lock (_gate)
        {
            Await(out change);
            return State;
        }
    }
}

using Penstock.Idempotency;

namespace Penstock.Storage.Redis;

/// <summary>
/// Tells the other nodes what is generated here, behind the request: in pieces, at a bounded pace, and its end at once.
/// Whoever listens elsewhere counts as one twin here.
/// </summary>
/// <param name="owner">By which name the generation is this node's.</param>
internal sealed class RedisBroadcast(RedisAnswers answers, Recording recording, string owner, TimeProvider time)
{
    private readonly TaskCompletionSource<bool> _kept = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _never = new TaskCompletionSource().Task;
    private RecordingPlace _place;
    private long _told;
    private Playback? _elsewhere;
    private long _endedAt;

    /// <summary>
    /// Whether the end was heard. False as soon as it was not at once: it is said again for as long as a lease, but no
    /// request waits for that.
    /// </summary>
    public Task<bool> Kept => _kept.Task;

    /// <param name="stop">This process ends.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && await SpeakAsync())
            {
                await RestAsync(stop);
            }
        }
        finally
        {
            _elsewhere?.Dispose();
            _kept.TrySetResult(false);
        }
    }

    /// <returns>Whether there will be more to say.</returns>
    private async Task<bool> SpeakAsync()
    {
        while (true)
        {
            var word = Next(out var behind);
            var reply = await answers.TellAsync(recording, owner, word);
            if (reply is not { } heard)
            {
                return MayStillBeHeard();
            }

            if (heard.Length < 0)
            {
                return false;
            }

            Listen(heard.IsHeard);
            var isHeard = word.State is not (TwinWord.Open or TwinWord.Whole) || heard.Length == word.Total;
            if (word.IsLast && isHeard)
            {
                _kept.TrySetResult(word.State is TwinWord.Whole or TwinWord.Lost);
                return false;
            }

            GoOnFrom(heard.Length, word, behind);
            if (isHeard && recording.IsRunning)
            {
                return true;
            }
        }
    }

    private TwinWord Next(out RecordingPlace behind)
    {
        // In this order: what is whole has no more bytes behind it.
        var (isRunning, state) = (recording.IsRunning, recording.State);
        behind = _place;
        recording.Read(ref behind, out var payload, out _);
        var said = state switch
        {
            RecordingState.Whole => TwinWord.Whole,
            RecordingState.Unkept => isRunning ? TwinWord.Unkept : TwinWord.Lost,
            _ when !payload.IsEmpty => TwinWord.Open,
            RecordingState.Failed => TwinWord.Failed,
            RecordingState.Withdrawn => TwinWord.Gone,
            _ => TwinWord.Open,
        };
        // Of what was not kept there are no bytes; of what runs, those at hand are all there are.
        var total = said == TwinWord.Whole ? recording.Length : _told + payload.Length;
        var head = _told == 0 || said == TwinWord.Whole ? recording.Head : null;
        return new TwinWord(said, _told, payload, total, head, recording.Failure);
    }

    /// <summary>The server may have less than was sent, when it came back empty, or more, when its word was lost.</summary>
    private void GoOnFrom(long length, in TwinWord word, RecordingPlace behind)
    {
        if (length == word.Offset + word.Payload.Length)
        {
            (_place, _told) = (behind, length);
            return;
        }

        (_place, _told) = (default, 0);
        while (_told < length)
        {
            recording.Read(ref _place, out var payload, out _);
            if (payload.IsEmpty)
            {
                return;
            }

            var beyond = (int)Math.Max(0, _told + payload.Length - length);
            _place.Offset -= beyond;
            _told += payload.Length - beyond;
        }
    }

    private void Listen(bool isHeard)
    {
        if (!isHeard)
        {
            _elsewhere?.Dispose();
            _elsewhere = null;
        }
        else if (recording.IsRunning)
        {
            _elsewhere ??= recording.Attach(default);
        }
    }

    private bool MayStillBeHeard()
    {
        if (recording.IsRunning)
        {
            return true;
        }

        _kept.TrySetResult(false);
        _endedAt = _endedAt == 0 ? time.GetTimestamp() : _endedAt;
        return time.GetElapsedTime(_endedAt) < answers.Lease;
    }

    private async Task RestAsync(CancellationToken stop)
    {
        var ended = recording.IsRunning ? recording.Ended : _never;
        await Signals.AnyAsync(ended, _never, answers.Pause, time, stop);
        var place = _place;
        recording.Read(ref place, out var payload, out var change);
        if (payload.IsEmpty && recording.IsRunning)
        {
            // A fifth: four words may be lost.
            await Signals.AnyAsync(ended, change ?? _never, answers.Lease / 5, time, stop);
        }
    }
}

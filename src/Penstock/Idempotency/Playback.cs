namespace Penstock.Idempotency;

/// <summary>
/// One listener of a recording, at their own pace and from the first byte. A lease: as long as there is one, the
/// generation goes on.
/// </summary>
internal sealed class Playback(Recording recording, RecordingPlace from) : IDisposable
{
    private RecordingPlace _place = from;
    private bool _isOver;

    public AnswerHead? Head => recording.Head;

    public AnswerFailure? Failure => recording.Failure;

    /// <summary>Bytes of a whole answer.</summary>
    public long Length => recording.Length;

    /// <summary>Valid after <see cref="RecordingState.Open"/>, until the next read.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>Waits for more.</summary>
    /// <returns>Open: there is a payload. Anything else: there will be no more, for that reason.</returns>
    public async ValueTask<RecordingState> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = recording.Read(ref _place, out var payload, out var change);
            Payload = payload;
            if (change is null)
            {
                return state;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until nothing is added any more.</summary>
    public async ValueTask<RecordingState> EndAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = recording.Look(out var change);
            if (change is null)
            {
                return state;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            recording.TwinLeaves();
        }
    }
}

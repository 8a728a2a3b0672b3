using System.Buffers;
using System.IO.Pipelines;

namespace Penstock.Idempotency;

/// <summary>
/// Where a generation under a key writes: into its recording, and from there to the first caller at each flush. Whoever
/// is slow holds up nobody else: a first caller who keeps the others waiting becomes a listener like them.
/// </summary>
/// <remarks>An answer too large to be kept goes to the first caller alone from then on, with nothing between.</remarks>
/// <param name="gone">Cancelled when the first caller hangs up.</param>
internal sealed class RecordedWriter(PipeWriter first, Recording recording, CancellationToken gone) : PipeWriter
{
    private const int ScratchBytes = 4 * 1024;

    private RecordingPlace _told;
    private long _unflushed;
    private bool _isDirect;
    private Task? _catchingUp;
    private byte[] _scratch = [];
    private volatile bool _hasLostFirst;
    private volatile bool _isServed;

    public Recording Recording => recording;

    /// <summary>The first caller left before the end, or could not be given all of it.</summary>
    public bool HasLostFirst => _hasLostFirst;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    /// <summary>All has been said: nobody who leaves now ends the generation.</summary>
    /// <returns>Whether the first caller has been told all of it.</returns>
    public bool End()
    {
        recording.AllIsSaid();
        return _isServed |= IsFirstThere;
    }

    /// <summary>The first caller hung up.</summary>
    public void FirstLeaves()
    {
        if (_isServed)
        {
            return;
        }

        _hasLostFirst = true;
        recording.FirstLeaves();
    }

    /// <summary>The first caller, if they are behind, has heard all there is.</summary>
    public Task FinishAsync() => _catchingUp ?? Task.CompletedTask;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (!_isDirect && recording.TryGetMemory(sizeHint, out var memory))
        {
            return memory;
        }

        GoDirect();
        return IsFirstThere ? first.GetMemory(sizeHint) : Scratch(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        _unflushed += bytes;
        if (!_isDirect)
        {
            recording.Advance(bytes);
        }
        else if (IsFirstThere)
        {
            first.Advance(bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        _unflushed = 0;
        if (!_isDirect)
        {
            recording.Publish();
        }

        if (!IsFirstThere)
        {
            return new(Result);
        }

        if (!_isDirect)
        {
            Tell();
        }

        var flush = first.FlushAsync(cancellationToken);
        return flush.IsCompletedSuccessfully ? new(Judge(flush.Result)) : WaitForFirstAsync(flush.AsTask());
    }

    public override void CancelPendingFlush() => first.CancelPendingFlush();

    /// <summary>The response is its server's to complete.</summary>
    public override void Complete(Exception? exception = null) { }

    private bool IsFirstThere => !_hasLostFirst && _catchingUp is null;

    private FlushResult Result => new(isCanceled: false, isCompleted: recording.IsAbandoned);

    private FlushResult Judge(FlushResult flushed)
    {
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            FirstLeaves();
        }

        return Result;
    }

    private async ValueTask<FlushResult> WaitForFirstAsync(Task<FlushResult> flush)
    {
        await Task.WhenAny(flush, recording.TwinJoined);
        if (!flush.IsCompleted && recording.Attach(_told) is { } playback)
        {
            recording.FirstLeaves();
            _catchingUp = CatchUpAsync(flush, playback);
            return Result;
        }

        return Judge(await flush);
    }

    private async Task CatchUpAsync(Task<FlushResult> flush, Playback playback)
    {
        using var _ = playback;
        try
        {
            while (!(await flush).IsCompleted)
            {
                var state = await playback.ReadAsync(gone);
                if (state != RecordingState.Open)
                {
                    _hasLostFirst = state is RecordingState.Unkept;
                    return;
                }

                first.Write(playback.Payload.Span);
                flush = first.FlushAsync(CancellationToken.None).AsTask();
            }
        }
        catch (OperationCanceledException)
        {
            // Gone, as below.
        }

        _hasLostFirst = true;
    }

    /// <summary>Gives the first caller what they have not got.</summary>
    private void Tell()
    {
        while (recording.Read(ref _told, out var payload, out _) == RecordingState.Open && payload.Length > 0)
        {
            first.Write(payload.Span);
        }
    }

    private void GoDirect()
    {
        if (_isDirect)
        {
            return;
        }

        _isDirect = true;
        foreach (var piece in recording.GiveUpKeeping(_told))
        {
            if (IsFirstThere)
            {
                first.Write(piece.Span);
            }
        }
    }

    private Memory<byte> Scratch(int sizeHint)
    {
        if (_scratch.Length < Math.Max(sizeHint, ScratchBytes))
        {
            _scratch = new byte[Math.Max(sizeHint, ScratchBytes)];
        }

        return _scratch;
    }
}

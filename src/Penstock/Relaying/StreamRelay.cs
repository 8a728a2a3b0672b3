using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Penstock.Engines;
using Penstock.Primitives;
using Penstock.Primitives.Frames;

namespace Penstock.Relaying;

/// <summary>
/// Hands a stream of events to the caller byte for byte: whole events only, one flush per read. An event that is half
/// here waits for its other half, so that whatever is written besides stands between events.
/// </summary>
/// <remarks>
/// The sentinel is held to what it means: <c>[DONE]</c> goes out only after a finish reason for every choice, and
/// never after an error. What to tell the caller of a cut stream is not decided here.
/// </remarks>
/// <param name="start">Called before anything goes to the caller.</param>
internal sealed class StreamRelay(
    IByteSource source,
    PipeWriter client,
    Action start,
    StreamTally tally,
    KeepAlive keepAlive,
    RelayOptions options,
    TimeProvider time
)
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    private PooledBytes _half;
    private int _scanned;
    private RelayEnding? _ending;
    private EngineError? _error;
    private long _firstByte;
    private long _endAt = long.MaxValue;
    private bool _isBegun;

    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    public async ValueTask<RelayResult> RunAsync()
    {
        try
        {
            while (_ending is null)
            {
                source.WakeAt = Math.Min(keepAlive.DueAt, _endAt);
                var step = source.TryRead();
                if (step == ReadStep.Pending)
                {
                    await source.WaitAsync();
                    continue;
                }

                Take(step);
                try
                {
                    // Most flushes are over at once: the kernel has room.
                    if (client.UnflushedBytes > 0 && Flush() is { IsCompletedSuccessfully: false } pending)
                    {
                        Flushed(await pending);
                    }
                }
                catch (Exception e) when (e is IOException or OperationCanceledException)
                {
                    // The server's way of telling that the caller's connection broke under a write. What they had until
                    // then has been generated, and is counted.
                    _ending ??= RelayEnding.ClientGone;
                }
            }

            return new RelayResult(
                _ending.Value,
                tally.Usage,
                tally.Chunks,
                tally.Malformed,
                tally.HasShown,
                _firstByte,
                _error
            );
        }
        finally
        {
            source.WakeAt = long.MaxValue;
            _half.Dispose();
        }
    }

    private void Take(ReadStep step)
    {
        switch (step)
        {
            case ReadStep.Data:
                if (_firstByte == 0)
                {
                    _firstByte = time.GetTimestamp();
                }

                Relay(source.Payload.Span);
                ExpectSentinel();
                break;
            case ReadStep.End:
                EndOfSource(RelayEnding.Cut);
                break;
            case ReadStep.Woken when time.GetTimestamp() >= _endAt:
                EndOfSource(RelayEnding.Cut);
                break;
            case ReadStep.Woken:
                keepAlive.Write(client);
                break;
            default:
                EndOfSource(RelayEnding.SourceFailed);
                break;
        }
    }

    /// <summary>Once the answer is there an engine that keeps silent is not waited for.</summary>
    private void ExpectSentinel()
    {
        if (_endAt == long.MaxValue && tally.IsFinished)
        {
            _endAt = time.GetTimestamp() + time.Ticks(TimeSpan.FromSeconds(options.SentinelSeconds));
        }
    }

    private ValueTask<FlushResult> Flush()
    {
        start();
        keepAlive.Wrote();
        var flush = client.FlushAsync(CancellationToken.None);
        if (flush.IsCompletedSuccessfully)
        {
            Flushed(flush.Result);
            return default;
        }

        return flush;
    }

    private void Flushed(FlushResult result)
    {
        if (result.IsCompleted || result.IsCanceled)
        {
            _ending ??= RelayEnding.ClientGone;
        }
    }

    private void Relay(ReadOnlySpan<byte> bytes)
    {
        if (_half.Length == 0)
        {
            _half.Append(bytes[RelayEvents(bytes)..]);
        }
        else
        {
            _half.Append(bytes);
            _half.Consume(RelayEvents(_half.Span));
        }

        if (_half.Length > options.EventBytes)
        {
            _ending ??= RelayEnding.EventTooLarge;
        }
    }

    /// <summary>Relays every whole event; returns how many bytes that took.</summary>
    private int RelayEvents(ReadOnlySpan<byte> bytes)
    {
        var passFrom = 0;
        var at = 0;
        var from = _scanned;
        while (_ending is null)
        {
            var length = SseScanner.FindEnd(bytes[at..], from, out _scanned);
            if (length < 0)
            {
                break;
            }

            from = 0;
            var whole = bytes.Slice(at, length);
            var verdict = Judge(ref whole, out var data);
            if (verdict == EventVerdict.Done)
            {
                // What follows the sentinel, if anything, is nobody's.
                client.Write(bytes[passFrom..(tally.IsFinished ? at + length : at)]);
                _ending = tally.IsFinished ? RelayEnding.Whole : RelayEnding.Cut;
                return at + length;
            }

            if (verdict != EventVerdict.Pass)
            {
                client.Write(bytes[passFrom..at]);
                passFrom = at + length;
            }

            if (verdict == EventVerdict.Edited)
            {
                tally.Edits.Write(client, whole, data);
            }

            at += length;
        }
        client.Write(bytes[passFrom..at]);
        return at;
    }

    /// <param name="whole">The event; its lines joined to one, if the engine cut its data into several.</param>
    private EventVerdict Judge(ref ReadOnlySpan<byte> whole, out Range data)
    {
        // The mark is allowed before the first line, and no part of it.
        var from = !_isBegun && whole.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        _isBegun = true;
        data = SseScanner.FindData(whole, from, out var dataLines);
        if (dataLines == 0)
        {
            return EventVerdict.Pass; // a comment, or an empty block
        }

        if (dataLines > 1)
        {
            whole = SseScanner.Join(whole[from..], out data);
        }

        var verdict = tally.Judge(whole[data]);
        if (verdict == EventVerdict.Error)
        {
            _error = EngineErrorReader.ReadEvent(whole[data]);
            _ending = RelayEnding.EngineError;
        }
        else if (verdict is EventVerdict.Astray or EventVerdict.Gap)
        {
            _ending = verdict == EventVerdict.Astray ? RelayEnding.Astray : RelayEnding.Cut;
        }

        return verdict == EventVerdict.Pass && dataLines > 1 ? EventVerdict.Edited : verdict;
    }

    /// <param name="otherwise">How it ends when the answer is not whole.</param>
    private void EndOfSource(RelayEnding otherwise)
    {
        if (_half.Length > 0 && otherwise == RelayEnding.Cut)
        {
            // Some engine left out the last empty line: give the event the end it was meant to have.
            _half.Append("\n\n"u8);
            RelayEvents(_half.Span);
        }
        if (_ending is not null)
        {
            return;
        }

        if (tally.IsFinished)
        {
            client.Write("data: [DONE]\n\n"u8);
        }

        _ending = tally.IsFinished ? RelayEnding.Whole : otherwise;
    }
}

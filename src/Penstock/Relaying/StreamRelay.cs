using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Penstock.Engines;
using Penstock.Primitives;

namespace Penstock.Relaying;

/// <summary>
/// Hands a stream of events to the caller byte for byte: whole events only, one flush per read. An event that is half
/// here waits for its other half, so that whatever is written besides stands between events.
/// </summary>
/// <remarks>
/// The sentinel is held to what it means: <c>[DONE]</c> goes out only after a finish reason for every choice, and
/// never after an error. What to tell the caller of a cut stream is not decided here.
/// </remarks>
internal sealed class StreamRelay(
    IByteSource source,
    PipeWriter client,
    StreamTally tally,
    KeepAlive keepAlive,
    RelayOptions options,
    TimeProvider time
)
{
    private byte[]? _held;
    private int _heldLength;
    private int _heldScanned;
    private RelayEnding? _ending;
    private EngineError? _error;
    private long _firstByte;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RelayResult> RunAsync()
    {
        try
        {
            while (_ending is null)
            {
                await StepAsync();
            }

            return new RelayResult(_ending.Value, tally.Usage, tally.Chunks, tally.Malformed, _firstByte, _error);
        }
        finally
        {
            source.WakeAt = long.MaxValue;
            Release();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask StepAsync()
    {
        keepAlive.Arm(source);
        switch (await source.ReadAsync())
        {
            case ReadStep.Data:
                if (_firstByte == 0)
                {
                    _firstByte = time.GetTimestamp();
                }

                Relay(source.Payload.Span);
                break;
            case ReadStep.End:
                EndOfSource();
                break;
            case ReadStep.Woken:
                if (!keepAlive.Write(client))
                {
                    return;
                }

                break;
            default:
                _ending = RelayEnding.SourceFailed;
                break;
        }
        await FlushAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushAsync()
    {
        if (client.UnflushedBytes == 0)
        {
            return;
        }

        keepAlive.Wrote();
        var flushed = await client.FlushAsync(CancellationToken.None);
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            _ending ??= RelayEnding.ClientGone;
        }
    }

    private void Relay(ReadOnlySpan<byte> bytes)
    {
        if (_heldLength > 0)
        {
            Hold(bytes);
            bytes = _held.AsSpan(0, _heldLength);
        }
        var rest = bytes[RelayEvents(bytes)..];
        if (_ending is not null)
        {
            return;
        }

        if (rest.Length > options.EventBytes)
        {
            _ending = RelayEnding.EventTooLarge;
        }
        else
        {
            KeepRest(rest);
        }
    }

    /// <summary>Relays every whole event; returns how many bytes that took.</summary>
    private int RelayEvents(ReadOnlySpan<byte> bytes)
    {
        var passFrom = 0;
        var at = 0;
        var from = _heldScanned;
        while (_ending is null)
        {
            var length = SseScanner.FindEnd(bytes[at..], from, out _heldScanned);
            if (length < 0)
            {
                break;
            }

            from = 0;
            var whole = bytes.Slice(at, length);
            var verdict = Judge(whole, out var data);
            if (verdict is not (EventVerdict.Pass or EventVerdict.Done))
            {
                client.Write(bytes[passFrom..at]);
            }

            at += length;
            if (verdict == EventVerdict.WithoutUsage)
            {
                WriteWithoutUsage(whole, data);
            }

            if (verdict is not (EventVerdict.Pass or EventVerdict.Done))
            {
                passFrom = at;
            }

            if (verdict == EventVerdict.Done)
            {
                // What follows the sentinel, if anything, is nobody's.
                EndAtSentinel(bytes[passFrom..(tally.IsFinished ? at : at - length)]);
                return at;
            }
        }
        client.Write(bytes[passFrom..at]);
        return at;
    }

    private EventVerdict Judge(ReadOnlySpan<byte> whole, out Range data)
    {
        data = SseScanner.FindData(whole, out var dataLines);
        if (dataLines == 0)
        {
            return EventVerdict.Pass; // a comment, or an empty block
        }

        var verdict = dataLines == 1 ? tally.Judge(whole[data]) : JudgeLines(whole);
        if (verdict == EventVerdict.Error)
        {
            _error = EngineErrorReader.ReadEvent(whole[data]);
            _ending = RelayEnding.EngineError;
        }
        return verdict;
    }

    /// <summary>
    /// No engine cuts its JSON into several data lines; one that does is judged as the joined text, and passed on or
    /// dropped whole.
    /// </summary>
    private EventVerdict JudgeLines(ReadOnlySpan<byte> whole)
    {
        var joined = new ArrayBufferWriter<byte>(whole.Length);
        foreach (var line in whole.ToArray().AsSpan().Split((byte)'\n'))
        {
            var text = whole[line].TrimEnd((byte)'\r');
            if (text.StartsWith("data:"u8))
            {
                joined.Write(text[5..].TrimStart((byte)' '));
            }
        }
        var verdict = tally.Judge(joined.WrittenSpan);
        return verdict == EventVerdict.WithoutUsage ? EventVerdict.Drop : verdict;
    }

    private void WriteWithoutUsage(ReadOnlySpan<byte> whole, Range data)
    {
        var (offset, _) = data.GetOffsetAndLength(whole.Length);
        var cut = MemberCut.Widen(whole[data], tally.UsageMember);
        client.Write(whole[..(offset + cut.Start.Value)]);
        client.Write(whole[(offset + cut.End.Value)..]);
    }

    private void EndAtSentinel(ReadOnlySpan<byte> last)
    {
        client.Write(last);
        _ending = tally.IsFinished ? RelayEnding.Whole : RelayEnding.Cut;
    }

    private void EndOfSource()
    {
        if (_heldLength > 0)
        {
            // Some engine left out the last empty line: give the event the end it was meant to have.
            Hold("\n\n"u8);
            RelayEvents(_held.AsSpan(0, _heldLength));
        }
        if (_ending is not null)
        {
            return;
        }

        if (tally.IsFinished)
        {
            client.Write("data: [DONE]\n\n"u8);
        }

        _ending = tally.IsFinished ? RelayEnding.Whole : RelayEnding.Cut;
    }

    private void KeepRest(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            (_heldLength, _heldScanned) = (0, 0);
            return;
        }
        if (_held is null || _held.Length < rest.Length)
        {
            Grow(rest.Length);
        }

        rest.CopyTo(_held);
        _heldLength = rest.Length;
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (_held!.Length < _heldLength + bytes.Length)
        {
            Grow(_heldLength + bytes.Length);
        }

        bytes.CopyTo(_held.AsSpan(_heldLength));
        _heldLength += bytes.Length;
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length * 2);
        _held?.AsSpan(0, _heldLength).CopyTo(larger);
        Release();
        _held = larger;
    }

    private void Release()
    {
        if (_held is { } held)
        {
            ArrayPool<byte>.Shared.Return(held);
        }

        _held = null;
    }
}

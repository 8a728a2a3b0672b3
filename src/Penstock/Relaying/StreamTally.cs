using Penstock.Engines;

namespace Penstock.Relaying;

/// <summary>What becomes of one event of a stream.</summary>
internal enum EventVerdict
{
    /// <summary>It goes to the caller as it is.</summary>
    Pass,

    /// <summary>It stays here: the caller did not ask for it, has it already, or it is not a chunk.</summary>
    Drop,

    /// <summary>It goes on with the changes of <see cref="StreamTally.Edits"/>.</summary>
    Edited,

    /// <summary>The engine's sentinel.</summary>
    Done,

    /// <summary>The engine reports a failure.</summary>
    Error,

    /// <summary>The engine was to go on with a text and does something else.</summary>
    Astray,

    /// <summary>A part of the answer was lost on its way here.</summary>
    Gap,
}

/// <summary>
/// Watches the chunks of one engine's stream go by: is every choice finished, what did it cost, did it fail? A chunk
/// that is not JSON never passes. Most chunks have the shape of the last one and cost two comparisons. A lease.
/// </summary>
/// <param name="choices">Choices asked for (<c>n</c>).</param>
/// <param name="hideUsage">The caller did not ask for usage.</param>
/// <param name="continuation">Told of what the caller gets; null: the stream ends with its engine.</param>
/// <param name="losesPieces">What is no JSON is what is left of a chunk.</param>
internal sealed class StreamTally(
    int choices,
    bool hideUsage,
    StreamContinuation? continuation = null,
    bool losesPieces = false
) : IDisposable
{
    private ChunkShape _shape;
    private ChunkEdits _edits;
    private UInt128 _named;
    private UInt128 _finished;

    /// <summary>
    /// The last usage seen, in terms of the whole answer: engines that report with every chunk report running totals.
    /// </summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Chunks with choices.</summary>
    public long Chunks { get; private set; }

    /// <summary>Events that were no JSON and were dropped.</summary>
    public long Malformed { get; private set; }

    /// <summary>The caller has been given a chunk of this engine.</summary>
    public bool HasShown { get; private set; }

    /// <summary>Every choice met has its finish reason, and there was one at least.</summary>
    public bool IsFinished => _finished != 0 && (_named & ~_finished) == 0;

    /// <summary>The changes to the chunk last judged <see cref="EventVerdict.Edited"/>.</summary>
    public ref readonly ChunkEdits Edits => ref _edits;

    /// <param name="data">The event's data.</param>
    public EventVerdict Judge(ReadOnlySpan<byte> data)
    {
        _edits.Clear();
        if (_shape.TryMatch(data, out var content))
        {
            Chunks++;
            continuation?.Tell(content);
            return EventVerdict.Pass;
        }

        var text = data.Trim((byte)' ');
        if (text.StartsWith("[DONE]"u8))
        {
            return EventVerdict.Done;
        }

        if (text.Length < 2 || text[0] != '{' || text[^1] != '}' || !ChunkFacts.TryRead(data, out var facts))
        {
            Malformed++;
            return losesPieces ? EventVerdict.Gap : EventVerdict.Drop;
        }

        if (facts.IsError)
        {
            return EventVerdict.Error;
        }

        var verdict = Judge(data, facts);
        HasShown |= verdict is EventVerdict.Pass or EventVerdict.Edited;
        return verdict;
    }

    public void Dispose() => _shape.Dispose();

    private EventVerdict Judge(ReadOnlySpan<byte> data, in ChunkFacts facts)
    {
        var isRepeated = facts.Finished != 0 && (facts.Finished & ~_finished) == 0 && !facts.HasText;
        _named |= facts.Named;
        _finished |= facts.Finished;
        Chunks += facts.Choices > 0 ? 1 : 0;
        ReadUsage(data, facts);
        if (facts.IsUsageAlone && hideUsage)
        {
            return EventVerdict.Drop;
        }

        // One finish for each choice: some engines say it again, with the usage or the sentinel.
        if (isRepeated && (!facts.HasUsage || hideUsage))
        {
            return EventVerdict.Drop;
        }

        if (facts.HasUsage && hideUsage)
        {
            _edits.Cut(MemberCut.Widen(data, facts.UsageMember), data.Length);
        }

        var verdict = continuation?.Tell(data, facts, showsUsage: !hideUsage, ref _edits) ?? EventVerdict.Pass;
        if (verdict != EventVerdict.Pass || _edits.Count > 0)
        {
            return verdict == EventVerdict.Pass ? EventVerdict.Edited : verdict;
        }

        if (choices == 1 && facts.IsPlain && continuation is not { IsResumed: true })
        {
            _shape.Learn(data, facts.Content);
        }

        return EventVerdict.Pass;
    }

    private void ReadUsage(ReadOnlySpan<byte> data, in ChunkFacts facts)
    {
        if (facts.HasUsage && UsageReader.Read(data[facts.UsageValue]) is { } usage)
        {
            continuation?.Count(usage);
            Usage = continuation?.Whole(usage) ?? usage;
        }
    }
}

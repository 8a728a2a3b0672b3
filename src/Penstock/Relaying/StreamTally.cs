using Penstock.Engines;

namespace Penstock.Relaying;

/// <summary>What becomes of one event of a stream.</summary>
internal enum EventVerdict
{
    /// <summary>It goes to the caller as it is.</summary>
    Pass,

    /// <summary>It stays here: the caller did not ask for it, or it is not a chunk.</summary>
    Drop,

    /// <summary>It goes on without its member <c>usage</c>.</summary>
    WithoutUsage,

    /// <summary>The engine's sentinel.</summary>
    Done,

    /// <summary>The engine reports a failure.</summary>
    Error,
}

/// <summary>
/// Watches the chunks of one stream go by: is every choice finished, what did it cost, did it fail? Most chunks are
/// looked at with three vector searches; these words cannot stand inside a JSON string without a backslash.
/// </summary>
/// <param name="choices">Choices asked for (<c>n</c>).</param>
/// <param name="hideUsage">The caller did not ask for usage.</param>
internal sealed class StreamTally(int choices, bool hideUsage)
{
    private UInt128 _named;
    private UInt128 _finished;

    /// <summary>The last usage seen: engines that report with every chunk report running totals.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Chunks with choices.</summary>
    public long Chunks { get; private set; }

    /// <summary>Events that were no JSON and were dropped.</summary>
    public long Malformed { get; private set; }

    /// <summary>Every choice met has its finish reason, and there was one at least.</summary>
    public bool IsFinished => _finished != 0 && (_named & ~_finished) == 0;

    /// <summary>Where <c>usage</c> stands in the chunk last judged <see cref="EventVerdict.WithoutUsage"/>.</summary>
    public Range UsageMember { get; private set; }

    /// <param name="data">The event's data.</param>
    public EventVerdict Judge(ReadOnlySpan<byte> data)
    {
        var text = data.Trim((byte)' ');
        if (text.StartsWith("[DONE]"u8))
        {
            return EventVerdict.Done;
        }

        if (text.Length < 2 || text[0] != '{' || text[^1] != '}')
        {
            Malformed++;
            return EventVerdict.Drop;
        }
        if (choices == 1 && !MayMatter(text))
        {
            Chunks++;
            _named |= 1;
            return EventVerdict.Pass;
        }
        return JudgeClosely(data);
    }

    private static bool MayMatter(ReadOnlySpan<byte> chunk) =>
        HasFinishReason(chunk) || chunk.IndexOf("\"usage\""u8) >= 0 || chunk.IndexOf("\"error\""u8) >= 0;

    /// <summary>A finish reason that is not plainly null.</summary>
    private static bool HasFinishReason(ReadOnlySpan<byte> chunk)
    {
        var name = "\"finish_reason\""u8;
        for (var at = chunk.IndexOf(name); at >= 0; at = chunk.IndexOf(name))
        {
            chunk = chunk[(at + name.Length)..].TrimStart(": \t"u8);
            if (!chunk.StartsWith("null"u8))
            {
                return true;
            }
        }
        return false;
    }

    private EventVerdict JudgeClosely(ReadOnlySpan<byte> data)
    {
        if (!ChunkFacts.TryRead(data, out var facts))
        {
            Malformed++;
            return EventVerdict.Drop;
        }
        if (facts.IsError)
        {
            return EventVerdict.Error;
        }

        _named |= facts.Named;
        _finished |= facts.Finished;
        if (!facts.HasNoChoices)
        {
            Chunks++;
        }

        if (!facts.HasUsage)
        {
            return EventVerdict.Pass;
        }

        Usage = UsageReader.Read(data[facts.UsageValue]) ?? Usage;
        if (!hideUsage)
        {
            return EventVerdict.Pass;
        }

        if (facts.HasNoChoices)
        {
            return EventVerdict.Drop;
        }

        UsageMember = facts.UsageMember;
        return EventVerdict.WithoutUsage;
    }
}

using System.Buffers;
using Penstock.Engines;
using Penstock.Primitives;

namespace Penstock.Relaying;

/// <summary>
/// What the caller has of a stream, kept in memory and bounded, so that another engine of the same weights can go on
/// with it: its identity, its text, and the tokens that took. The other engine's chunks are made chunks of this
/// stream. A lease.
/// </summary>
/// <remarks>
/// White space at the end of the text is not sent along: chat templates strip it. The engine says it again, and what
/// the caller has already is cut from what it says.
/// </remarks>
/// <param name="keepsText">False: the request is one that no engine can go on with once there is text.</param>
/// <param name="mostBytes">Text kept; a longer one ends with its engine.</param>
internal sealed class StreamContinuation(bool keepsText, int mostBytes) : IDisposable
{
    /// <summary>
    /// Where chunks hold many tokens and nobody counts, a text has a token for each so many bytes at the least: prose
    /// has four or five bytes a token, and an answer must not end too early for a guess.
    /// </summary>
    private const int MostBytesPerToken = 8;

    private StreamIdentity? _identity;
    private PooledBytes _text;
    private int _sent;
    private int _repeated;
    private long _before;
    private long _now;
    private long _solid;
    private bool _isCounted;
    private bool _isWaiting;
    private long? _prompt;

    /// <summary>The caller has at least one chunk: from here on only this stream can be told them.</summary>
    public bool IsShown { get; private set; }

    /// <summary>The caller has something that no other engine can go on with.</summary>
    public bool IsBarred { get; private set; }

    /// <summary>An engine is going on, or trying to, with what another began.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>How often another engine has gone on.</summary>
    public int Times { get; private set; }

    public bool HasText => _text.Length > 0;

    /// <summary>What the next engine is told that the assistant has said, spelled as in a JSON string.</summary>
    public ReadOnlyMemory<byte> Said => _text.Memory[.._sent];

    /// <summary>All text that the caller has, spelled as in a JSON string.</summary>
    public ReadOnlySpan<byte> Text => _text.Span;

    /// <summary>Tokens of <see cref="Said"/>: counted by the engine if it counts as it goes, else by chunks.</summary>
    public long SaidTokens => _before;

    /// <summary>Tokens of all that the caller has.</summary>
    public long Tokens => _before + Math.Max(_now, Estimate(_text.Length));

    /// <summary>Usage as far as it is known without an engine's last word; null: nobody has counted the prompt.</summary>
    public TokenUsage? UsageSoFar => _prompt is { } prompt ? new TokenUsage(prompt, Tokens, null, null) : null;

    /// <summary>Another engine is about to go on.</summary>
    public void Resume()
    {
        _before += Math.Max(_solid, Estimate(JsonBlanks.TrimEnd(Text)));
        (_now, _solid, _isCounted) = (0, 0, false);
        _sent = JsonBlanks.TrimEnd(Text);
        _repeated = _text.Length - _sent;
        (IsResumed, _isWaiting) = (true, true);
    }

    /// <summary>A chunk of plain text has gone by.</summary>
    /// <param name="content">The text, spelled as in a JSON string.</param>
    public void Tell(ReadOnlySpan<byte> content)
    {
        IsShown = true;
        if (content.IsEmpty)
        {
            return;
        }

        if (!_isCounted)
        {
            _now++;
        }

        if (!JsonBlanks.IsBlank(content))
        {
            _solid = _now;
        }

        Keep(content);
    }

    /// <summary>Any other chunk is to go by.</summary>
    /// <returns>Pass, with what is to be changed, Drop or Astray.</returns>
    public EventVerdict Tell(ReadOnlySpan<byte> data, in ChunkFacts facts, bool showsUsage, ref ChunkEdits edits)
    {
        _identity ??= new StreamIdentity(data, facts);
        if (facts.SaysMore || facts.Choices > 1 || facts.Named > 1)
        {
            if (IsResumed && HasText)
            {
                return EventVerdict.Astray;
            }

            Bar();
        }

        if (!IsResumed)
        {
            Tell(data[facts.Content]);
            return EventVerdict.Pass;
        }

        if (facts is { HasRole: true, HasText: false, SaysMore: false } && facts.Finished == 0)
        {
            return EventVerdict.Drop;
        }

        Times += _isWaiting ? 1 : 0;
        _isWaiting = false;
        Rewrite(data, facts, showsUsage, ref edits);
        return EventVerdict.Pass;
    }

    /// <summary>The engine under way has counted; its numbers are those of its own part.</summary>
    public void Count(in TokenUsage usage)
    {
        (_isCounted, _now) = (true, usage.Completion);
        if (_before == 0)
        {
            _prompt = usage.Prompt;
        }
    }

    /// <summary>
    /// The usage of the whole answer, of which the engine under way has done the last part: what it was told that the
    /// assistant had said stands in its prompt, and was completion before.
    /// </summary>
    public TokenUsage Whole(in TokenUsage usage) =>
        usage with
        {
            Prompt = _prompt ?? Math.Max(0, usage.Prompt - _before),
            Completion = _before + usage.Completion,
        };

    /// <summary>Ends the stream in place of an engine: all tokens that were allowed are there.</summary>
    public void WriteEnd(IBufferWriter<byte> client, bool showsUsage)
    {
        var members = _identity!.Members();
        client.Write("data: {"u8);
        client.Write(members);
        client.Write(",\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"length\"}]}\n\n"u8);
        if (showsUsage && UsageSoFar is { } usage)
        {
            client.Write("data: {"u8);
            client.Write(members);
            client.Write(",\"choices\":[],\"usage\":{\"prompt_tokens\":"u8);
            client.Write(UsageNumbers.Spell(usage.Prompt));
            client.Write(",\"total_tokens\":"u8);
            client.Write(UsageNumbers.Spell(usage.Prompt + usage.Completion));
            client.Write(",\"completion_tokens\":"u8);
            client.Write(UsageNumbers.Spell(usage.Completion));
            client.Write("}}\n\n"u8);
        }

        client.Write("data: [DONE]\n\n"u8);
    }

    public void Dispose() => _text.Dispose();

    private void Rewrite(ReadOnlySpan<byte> data, in ChunkFacts facts, bool showsUsage, ref ChunkEdits edits)
    {
        _identity!.PutInto(facts, data.Length, ref edits);
        if (facts.HasRole)
        {
            edits.Cut(MemberCut.Widen(data, facts.RoleMember), data.Length);
        }

        if (showsUsage && facts.HasUsage && UsageReader.Read(data[facts.UsageValue]) is { } usage)
        {
            UsageNumbers.Replace(data, facts.UsageValue, Whole(usage), ref edits);
        }

        var content = data[facts.Content];
        var known = KnownBeginning(content);
        if (known > 0)
        {
            var start = facts.Content.Start.Value;
            edits.Cut(start..(start + known), data.Length);
            _now += _isCounted || known < content.Length ? 0 : 1;
        }

        Tell(content[known..]);
    }

    /// <summary>How much of a text is white space that the caller has already.</summary>
    private int KnownBeginning(ReadOnlySpan<byte> content)
    {
        var repeated = Text[^_repeated..];
        var known = Math.Min(repeated.Length, content.Length);
        var isRepeated = repeated[..known].SequenceEqual(content[..known]);
        _repeated = isRepeated ? _repeated - known : 0;
        return isRepeated ? known : 0;
    }

    private void Keep(ReadOnlySpan<byte> content)
    {
        if (IsBarred)
        {
            return;
        }

        if (!keepsText || _text.Length + content.Length > mostBytes)
        {
            Bar();
            return;
        }

        _text.Append(content);
    }

    private void Bar()
    {
        IsBarred = true;
        _text.Dispose();
        (_sent, _repeated) = (0, 0);
    }

    private long Estimate(int length) => _isCounted ? 0 : Math.Max(0, length - _sent) / MostBytesPerToken;
}

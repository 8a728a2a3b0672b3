using System.Text;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Streaming;

/// <summary>
/// Streams one answer: head, first token, token by token at its pace, usage, the end, and on the way whatever was
/// ordered to go wrong. Ends at once when the client goes.
/// </summary>
internal sealed class ChatStream(
    EngineState engine,
    Exchange exchange,
    Generation generation,
    Dialect dialect,
    Answer answer,
    IReadOnlyList<HttpHeader> headers,
    Directives directives,
    Pace pace
)
{
    private readonly ByteBuffer _scratch = new(1024);
    private readonly ChunkWriter _chunks = dialect.Chunks(answer);
    private readonly string _framing = Framing(exchange, directives);
    private EventWire _wire = null!;
    private int _events;
    private bool _isOver;

    public async Task RunAsync()
    {
        var isChunked = _framing.StartsWith("transfer", StringComparison.Ordinal);
        using var gzip = directives.Gzip ? new GzipBody(isChunked) : null;
        _wire = new EventWire(
            exchange,
            directives,
            generation,
            isChunked,
            pace.IsFlatOut,
            (BodyRelay?)gzip ?? Pieces(isChunked)
        );
        // Like a real server, which answers 200 before its engine has produced anything.
        var isHeadSent = !directives.LateHead && await HeadAsync();
        if (
            (!directives.LateHead && !isHeadSent) || !await pace.FirstAsync(isHeadSent ? PingInterval : null, PingAsync)
        )
        {
            return;
        }

        if (directives.LateHead && !await HeadAsync())
        {
            return;
        }

        generation.HasSentBytes = true;
        await BeforeNextAsync();
        for (var choice = 0; choice < answer.Choices.Count && !_isOver; choice++)
        {
            await EventAsync(_chunks.Role(_scratch, choice), dialect.Facts.GathersEnds);
        }

        for (var round = 0; round < answer.Rounds && !_isOver; round++)
        {
            if (!await pace.RoundAsync(round))
            {
                return;
            }

            await RoundAsync(round);
        }

        if (!_isOver)
        {
            await EndAsync();
        }
    }

    private async ValueTask RoundAsync(int round)
    {
        foreach (var choice in answer.Choices)
        {
            if (round >= choice.Steps.Count || _isOver)
            {
                continue;
            }

            generation.CountSent(1);
            var isLast = round == choice.Steps.Count - 1;
            // Without its finish reason the last token shows all the same.
            await EventAsync(
                _chunks.Token(_scratch, choice, round, withFinish: !directives.NoFinish),
                isLast && dialect.Facts.GathersEnds
            );
            if (isLast && !_isOver && !directives.NoFinish)
            {
                await FinishAsync(choice, round);
            }
        }
    }

    private async ValueTask FinishAsync(Choice choice, int round)
    {
        var isOwnEvent = _chunks.Finish(_scratch, choice);
        await EventAsync(isOwnEvent, dialect.Facts.GathersEnds);
        if (directives.TwiceFinish && !_isOver)
        {
            await EventAsync(
                isOwnEvent
                    ? _chunks.Finish(_scratch, choice)
                    : _chunks.Token(_scratch, choice, round, withFinish: true),
                dialect.Facts.GathersEnds
            );
        }
    }

    private async ValueTask EndAsync()
    {
        if (answer.Request.IncludeUsage && !directives.UsageMissing)
        {
            _chunks.Usage(_scratch);
            await EventAsync(isWritten: true, dialect.Facts.GathersEnds);
        }

        if (_isOver)
        {
            return;
        }

        if (!directives.NoDone)
        {
            _wire.Event("[DONE]"u8, isOpen: directives.NoBlankEnd);
        }

        if (directives.AfterDone)
        {
            _wire.Event("{\"after\":\"done\"}"u8);
        }

        // Before the last bytes: whoever has read them finds the slot free.
        Complete();
        if (directives.LateEnd is { } pause)
        {
            await _wire.FlushAsync();
            await ClientWait.ForAsync(engine.Wheel, exchange, pause);
        }

        _wire.End();
        await _wire.FlushAsync();
    }

    private void Complete()
    {
        exchange.UnwatchClient();
        generation.Complete(answer.Choices.Select(c => c.EngineReason));
        exchange.KeepAlive &= !directives.BothLengths && _framing.Length > 0;
    }

    private JobPieces? Pieces(bool isChunked) =>
        dialect.Facts.IsJob ? new JobPieces(engine.Options.PieceBytes, directives, isChunked) : null;

    /// <summary>As ordered, as the server was started, or as the engine ships; null never.</summary>
    private TimeSpan? PingInterval =>
        (directives.Ping ?? engine.Options.PingInterval ?? dialect.Facts.PingInterval) is { Ticks: > 0 } interval
            ? interval
            : null;

    private ValueTask<bool> PingAsync()
    {
        // With the blank line that ends an event, as engines have it.
        _wire.Comment(Encoding.UTF8.GetBytes($"{dialect.Facts.Ping}\n"));
        return _wire.FlushAsync();
    }

    private ValueTask<bool> HeadAsync() =>
        AnswerHead.SendAsync(exchange, directives, dialect.Facts.StreamType, _framing, headers, generation);

    /// <summary>Sends what is in the scratch as the next event.</summary>
    private async ValueTask EventAsync(bool isWritten, bool joinsNext)
    {
        if (!isWritten)
        {
            return;
        }

        _events++;
        Damage();
        var times =
            directives.DropEvent == _events ? 0
            : directives.RepeatEvent == _events ? 2
            : 1;
        for (var i = 0; i < times; i++)
        {
            _wire.Event(_scratch.Span);
        }

        _scratch.Clear();
        if (!joinsNext && _wire.IsDue && !await _wire.FlushAsync())
        {
            _isOver = true;
            return;
        }

        await BeforeNextAsync();
    }

    private void Damage()
    {
        if (directives.Stamps)
        {
            // Every event is one object: the stamp becomes its last member.
            var text = _scratch.Span[..^1].ToArray();
            _scratch.Clear();
            _scratch.Add(text).Add(",\"sim_us\":"u8).Add(pace.Stamp).Add((byte)'}');
        }

        if (directives.BadJson == _events)
        {
            var half = _scratch.Span[..(_scratch.Length / 2)].ToArray();
            _scratch.Clear();
            _scratch.Add(half);
        }

        // The first event after the roles is the first with content.
        if (directives.BigEvent is { } size && _events == answer.Choices.Count + 1)
        {
            var text = _scratch.ToArray();
            var at = text.AsSpan().IndexOf("\"content\":\""u8) + "\"content\":\""u8.Length;
            _scratch.Clear();
            _scratch.Add(text.AsSpan(0, at)).Add(new string('x', size)).Add(text.AsSpan(at));
        }
    }

    /// <summary>What was ordered to happen after so many events.</summary>
    private async ValueTask BeforeNextAsync()
    {
        if (directives.StallAt == _events)
        {
            _isOver = !await _wire.FlushAsync() || !await pace.StallAsync(directives.StallFor);
        }

        if (_isOver)
        {
            return;
        }

        if (directives.ErrorEvent == _events)
        {
            await FailAsync();
        }
        else if (directives.Cut == _events || directives.Reset == _events || directives.BadChunk == _events)
        {
            await BreakAsync();
        }
    }

    private async ValueTask FailAsync()
    {
        _isOver = true;
        _scratch.Clear();
        if (_chunks.Error(_scratch, "EngineCore encountered an issue. See stack trace (above) for the root cause."))
        {
            _wire.Event(_scratch.Span);
        }

        if (dialect.Facts.AfterError == ErrorEnding.Cut)
        {
            exchange.KeepAlive = false;
        }
        else
        {
            if (dialect.Facts.AfterError == ErrorEnding.Done)
            {
                _wire.Event("[DONE]"u8);
            }

            _wire.End();
        }

        Fault();
        await _wire.FlushAsync();
    }

    private async ValueTask BreakAsync()
    {
        _isOver = true;
        if (directives.BadChunk == _events)
        {
            _wire.BreakFraming();
        }

        exchange.KeepAlive = false;
        Fault();
        await _wire.FlushAsync();
        if (directives.Reset == _events)
        {
            exchange.Reset();
        }
    }

    private void Fault()
    {
        exchange.UnwatchClient();
        generation.Fault();
    }

    private static string Framing(Exchange exchange, Directives directives)
    {
        if (directives.Framing is not "close" && exchange.IsHttp11)
        {
            return "transfer-encoding: chunked\r\n";
        }

        exchange.KeepAlive = false;
        return "";
    }
}

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
    Exchange exchange,
    Generation generation,
    Dialect dialect,
    Answer answer,
    Directives directives,
    Pace pace
)
{
    private const string ContentType = "text/event-stream; charset=utf-8";

    private readonly ByteBuffer scratch = new(1024);
    private readonly ChunkWriter chunks = dialect.Chunks(answer);
    private readonly string framing = Framing(exchange, directives);
    private EventWire wire = null!;
    private int events;
    private bool isOver;

    public async Task RunAsync()
    {
        wire = new EventWire(
            exchange,
            directives,
            framing.StartsWith("transfer", StringComparison.Ordinal),
            pace.Itl == TimeSpan.Zero
        );
        // Like a real server, which answers 200 before its engine has produced anything.
        var isHeadSent =
            !directives.LateHead && await AnswerHead.SendAsync(exchange, directives, ContentType, framing, generation);
        if ((!directives.LateHead && !isHeadSent) || !await pace.FirstAsync())
        {
            return;
        }

        if (directives.LateHead && !await AnswerHead.SendAsync(exchange, directives, ContentType, framing, generation))
        {
            return;
        }

        generation.HasSentBytes = true;
        await BeforeNextAsync();
        for (var choice = 0; choice < answer.Choices.Count && !isOver; choice++)
        {
            await EventAsync(chunks.Role(scratch, choice));
        }

        for (var round = 0; round < answer.Rounds && !isOver; round++)
        {
            if (round > 0 && !await pace.NextAsync(round))
            {
                return;
            }

            await RoundAsync(round);
        }

        if (!isOver)
        {
            await EndAsync();
        }
    }

    private async ValueTask RoundAsync(int round)
    {
        foreach (var choice in answer.Choices)
        {
            if (round >= choice.Steps.Count || isOver)
            {
                continue;
            }

            generation.Count(1);
            var isLast = round == choice.Steps.Count - 1;
            if (isLast && directives.NoFinish)
            {
                // The last token shows, its finish reason does not.
                await EventAsync(chunks.Token(scratch, choice, round, withFinish: false));
                continue;
            }

            await EventAsync(chunks.Token(scratch, choice, round, withFinish: true));
        }
    }

    private async ValueTask EndAsync()
    {
        if (answer.Request.IncludeUsage && !directives.UsageMissing)
        {
            chunks.Usage(scratch);
            await EventAsync(isWritten: true);
        }

        if (isOver)
        {
            return;
        }

        if (!directives.NoDone)
        {
            wire.Event("[DONE]"u8);
        }

        if (directives.AfterDone)
        {
            wire.Event("{\"after\":\"done\"}"u8);
        }

        wire.End();
        // Before the last bytes: whoever has read them finds the slot free.
        Complete();
        await wire.FlushAsync();
    }

    private void Complete()
    {
        exchange.UnwatchClient();
        generation.Complete(answer.Choices.Select(c => c.EngineReason));
        exchange.KeepAlive &= !directives.BothLengths && framing.Length > 0;
    }

    /// <summary>Sends what is in the scratch as the next event.</summary>
    private async ValueTask EventAsync(bool isWritten)
    {
        if (!isWritten)
        {
            return;
        }

        events++;
        Damage();
        wire.Event(scratch.Span);
        scratch.Clear();
        if (wire.IsDue && !await wire.FlushAsync())
        {
            isOver = true;
            return;
        }

        await BeforeNextAsync();
    }

    private void Damage()
    {
        if (directives.BadJson == events)
        {
            var half = scratch.Span[..(scratch.Length / 2)].ToArray();
            scratch.Clear();
            scratch.Add(half);
        }

        // The first event after the roles is the first with content.
        if (directives.BigEvent is { } size && events == answer.Choices.Count + 1)
        {
            var text = scratch.ToArray();
            var at = text.AsSpan().IndexOf("\"content\":\""u8) + "\"content\":\""u8.Length;
            scratch.Clear();
            scratch.Add(text.AsSpan(0, at)).Add(new string('x', size)).Add(text.AsSpan(at));
        }
    }

    /// <summary>What was ordered to happen after so many events.</summary>
    private async ValueTask BeforeNextAsync()
    {
        if (directives.StallAt == events)
        {
            isOver = !await wire.FlushAsync() || !await pace.StallAsync(directives.StallFor);
        }

        if (isOver)
        {
            return;
        }

        if (directives.ErrorEvent == events)
        {
            await FailAsync();
        }
        else if (directives.Cut == events || directives.Reset == events || directives.BadChunk == events)
        {
            await BreakAsync();
        }
    }

    private async ValueTask FailAsync()
    {
        isOver = true;
        wire.Event(dialect.ErrorEvent("EngineCore encountered an issue. See stack trace (above) for the root cause."));
        if (dialect.SaysDoneAfterError)
        {
            wire.Event("[DONE]"u8);
        }

        wire.End();
        Fault();
        await wire.FlushAsync();
    }

    private async ValueTask BreakAsync()
    {
        isOver = true;
        if (directives.BadChunk == events)
        {
            wire.BreakFraming();
        }

        exchange.KeepAlive = false;
        Fault();
        await wire.FlushAsync();
        if (directives.Reset == events)
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

using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Streaming;

/// <summary>Sends one answer whole, when all its tokens would have been generated.</summary>
internal sealed class ChatJson(
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
    public async Task RunAsync()
    {
        if (!await pace.FirstAsync() || !await GenerateAsync())
        {
            return;
        }

        var body = Body();
        var isFaulty = directives.Cut ?? directives.Reset ?? directives.BadChunk;
        var framing = Framing(body.Length);
        if (isFaulty is { } count)
        {
            await BreakAsync(body, Math.Min(count, body.Length), framing);
            return;
        }

        if (directives.ErrorEvent is not null)
        {
            exchange.UnwatchClient();
            generation.Fault();
            await exchange.ReplyAsync(
                dialect.Failed("EngineCore encountered an issue. See stack trace (above) for the root cause."),
                withBody: true
            );
            return;
        }

        if (directives.SlowHeaders is not null || directives.StallAt is not null)
        {
            await SendSlowlyAsync(body, framing);
            return;
        }

        Complete();
        AnswerHead.Write(exchange, directives, dialect.Facts.JsonType, framing, headers);
        AddBody(body, framing);
        await FlushAsync();
        if (directives.LateEnd is { } pause)
        {
            await ClientWait.ForAsync(engine.Wheel, exchange, pause);
        }
    }

    /// <summary>Counts the tokens as time goes by, so that the metrics of a running request grow.</summary>
    private async ValueTask<bool> GenerateAsync()
    {
        if (pace.IsFlatOut)
        {
            generation.Count(answer.CompletionTokens);
            return !generation.IsStopped;
        }

        for (var round = 0; round < answer.Rounds; round++)
        {
            if (!await pace.RoundAsync(round))
            {
                return false;
            }
        }

        return true;
    }

    private byte[] Body()
    {
        var buffer = new ByteBuffer(2048 + (answer.CompletionTokens * 8));
        dialect.WriteAnswer(buffer, answer, withUsage: !directives.UsageMissing);
        var body = directives.BadJson is null ? buffer.Span : buffer.Span[..(buffer.Length / 2)];
        return directives.Gzip ? GzipBody.Whole(body) : body.ToArray();
    }

    private string Framing(int length)
    {
        if (directives.Framing is "close")
        {
            exchange.KeepAlive = false;
            return "";
        }

        return directives.Framing is "chunked" || directives.BadChunk is not null
            ? "transfer-encoding: chunked\r\n"
            : $"content-length: {length}\r\n";
    }

    private void AddBody(ReadOnlySpan<byte> body, string framing)
    {
        if (directives.BothLengths || framing.StartsWith("transfer", StringComparison.Ordinal))
        {
            exchange.Output.AddHex(body.Length).Add("\r\n"u8).Add(body).Add("\r\n0\r\n\r\n"u8);
        }
        else
        {
            exchange.Output.Add(body);
        }
    }

    private async ValueTask SendSlowlyAsync(byte[] body, string framing)
    {
        if (!await AnswerHead.SendAsync(exchange, directives, dialect.Facts.JsonType, framing, headers, generation))
        {
            return;
        }

        AddBody(body, framing);
        if (directives.StallAt is { } at)
        {
            var rest = exchange.Output.Span[Math.Min(at, exchange.Output.Length)..].ToArray();
            generation.HasSentBytes = true;
            if (
                !await exchange.SendAsync(exchange.Output.Memory[..^rest.Length])
                || !await pace.StallAsync(directives.StallFor)
            )
            {
                return;
            }

            exchange.Output.Clear();
            exchange.Output.Add(rest);
        }

        Complete();
        await FlushAsync();
    }

    private async ValueTask BreakAsync(byte[] body, int count, string framing)
    {
        exchange.UnwatchClient();
        exchange.KeepAlive = false;
        generation.Fault();
        AnswerHead.Write(exchange, directives, dialect.Facts.JsonType, framing, headers);
        exchange.Output.Add(directives.BadChunk is null ? body.AsSpan(0, count) : "zz\r\nthis is no chunk\r\n"u8);
        await FlushAsync();
        if (directives.Reset is not null)
        {
            exchange.Reset();
        }
    }

    private ValueTask<bool> FlushAsync() =>
        new EventWire(exchange, directives, generation, isChunked: false, isFlatOut: true).FlushAsync();

    private void Complete()
    {
        exchange.UnwatchClient();
        generation.CountSent(answer.CompletionTokens);
        generation.Complete(answer.Choices.Select(c => c.EngineReason));
        exchange.KeepAlive &= !directives.BothLengths;
    }
}

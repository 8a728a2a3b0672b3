using System.Text.Json;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Streaming;

/// <summary>
/// One chat completion from its body to its end: read, queued, generated, sent, or aborted on the way.
/// </summary>
internal sealed class ChatHandler(EngineState engine, Dialect dialect, StandingFaults faults)
{
    public async Task HandleAsync(HttpRequest request, Exchange exchange)
    {
        using var body = new ChatBody(request);
        ChatRequest chat;
        Directives directives;
        try
        {
            chat = dialect.ReadChat(body, engine);
            directives = Directives(request, chat);
        }
        catch (RefusalException e)
        {
            await RefuseAsync(exchange, e.Reply);
            return;
        }
        catch (FormatException e)
        {
            await RefuseAsync(exchange, dialect.Error(400, e.Message));
            return;
        }

        if (engine.QueueIsFull && dialect.QueueIsFull is { } full)
        {
            await RefuseAsync(exchange, full);
            return;
        }

        await GenerateAsync(body, chat, directives, exchange);
    }

    private async Task GenerateAsync(ChatBody body, ChatRequest chat, Directives directives, Exchange exchange)
    {
        Answer? answer = null;
        if (!directives.Silent && !directives.Fails && (answer = Plan(body.Request, chat, directives)) is null)
        {
            await RefuseAsync(
                exchange,
                dialect.Error(400, "The schema or grammar of the request cannot be understood.")
            );
            return;
        }

        var generation = engine.Enter(EngineRequestReader.Read(body, chat, engine));
        if (answer is not null)
        {
            generation.AnswerId = answer.Id;
            generation.Steps.Plan([.. answer.Choices.Select(c => c.Steps.Count)]);
        }
        else
        {
            // It makes nothing that could go on without its client.
            generation.AbortLag = TimeSpan.Zero;
        }

        exchange.WatchClient(() =>
        {
            // An abort is at once where the engine does not lag: who sees the connection gone sees the slot free.
            generation.Abandon();
            exchange.Abandon();
        });
        try
        {
            if (await engine.TakeSlotAsync(generation))
            {
                await AnswerAsync(body.Request, answer, directives, exchange, generation);
            }
        }
        finally
        {
            exchange.UnwatchClient();
            // Nothing to most generations; one that was left by a refusal or a mistake of ours must not hold its slot.
            generation.Fault();
        }

        if (generation.IsAborted)
        {
            exchange.KeepAlive = false;
        }

        if (generation.Pace.HasWaited)
        {
            // Off the wheel's thread: what follows reads and plans the connection's next request.
            await Task.Yield();
        }
    }

    private async Task AnswerAsync(
        HttpRequest request,
        Answer? answer,
        Directives directives,
        Exchange exchange,
        Generation generation
    )
    {
        var pace = new Pace(
            engine,
            generation,
            directives.Ttft ?? engine.Options.Ttft,
            directives.Itl ?? engine.Options.Itl
        );
        if (directives.Silent)
        {
            while (await generation.PauseAsync(TimeSpan.FromHours(1)))
            {
                // Until the client has enough.
            }

            return;
        }

        if (answer is null)
        {
            await FailAsync(generation, directives, exchange, pace);
            return;
        }

        answer = answer with { CachedTokens = generation.CachedTokens };
        var headers = dialect.Headers(request, answer, engine);
        await (
            answer.Request.Stream
                ? new ChatStream(engine, exchange, generation, dialect, answer, headers, directives, pace).RunAsync()
                : new ChatJson(engine, exchange, generation, dialect, answer, headers, directives, pace).RunAsync()
        );
    }

    /// <returns>Null where a schema holds something else than its keywords may have.</returns>
    private Answer? Plan(HttpRequest request, ChatRequest chat, Directives directives)
    {
        var created = engine.Options.Time.GetUtcNow().ToUnixTimeSeconds();
        var tokens = directives.Tokens ?? engine.Options.AnswerTokens;
        try
        {
            return AnswerPlanner.Plan(chat, dialect.AnswerId(request), created, tokens);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException or FormatException)
        {
            return null;
        }
    }

    private async Task FailAsync(Generation generation, Directives directives, Exchange exchange, Pace pace)
    {
        if (!await pace.FirstAsync())
        {
            return;
        }

        exchange.UnwatchClient();
        generation.Fault();
        if (!directives.Close && !directives.ResetHead)
        {
            engine.Counters.Refusal();
        }

        await ErrorReply.SendAsync(exchange, directives, dialect);
    }

    private ValueTask<bool> RefuseAsync(Exchange exchange, HttpReply reply)
    {
        engine.Counters.Refusal();
        return exchange.ReplyAsync(reply, withBody: true);
    }

    /// <summary>The server's own; then the header's, then the message's.</summary>
    private Directives Directives(HttpRequest request, ChatRequest chat)
    {
        var directives = faults.Plan.ForGeneration(request);
        if (request.Header("X-Sim") is { } header)
        {
            directives = DirectiveReader.Read(directives, header);
        }

        return DirectiveReader.ReadMessage(directives, chat.Conversation.LastUserText);
    }
}

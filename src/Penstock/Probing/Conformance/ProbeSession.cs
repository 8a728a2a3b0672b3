using System.Text.Json.Nodes;

namespace Penstock.Probing.Conformance;

/// <summary>One probe's dealings with one engine: every call is paid for before it is made.</summary>
internal sealed class ProbeSession(
    EngineClient client,
    EngineAddress engine,
    string model,
    ProbingOptions options,
    TimeProvider time
)
{
    /// <summary>For one call of a few tokens: an engine with a long queue takes seconds to come to it.</summary>
    private static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(15);

    public EngineAddress Engine => engine;
    public string Model => model;
    public ProbingOptions Options => options;
    public TimeProvider Time => time;
    public ProbeBudget Budget { get; } = new();

    /// <summary>What the latest call that may generate brought.</summary>
    public EngineReply? Last { get; private set; }

    /// <summary>A question that generates nothing.</summary>
    public Task<EngineReply> GetAsync(string path, CancellationToken stop) =>
        client.GetAsync(engine, path, TimeSpan.FromSeconds(options.PatienceSeconds), stop);

    /// <summary>The requests that the engine says it runs; null: it does not say.</summary>
    public async Task<int?> RunningAsync(CancellationToken stop)
    {
        if (engine.Engine.LoadSource is not { } source)
        {
            return null;
        }

        var reply = await GetAsync(source.Path, stop);
        return reply.IsSuccess ? source.Read(reply.Body).Running : null;
    }

    /// <summary>A call whose answer comes whole, as a document or as all events of a stream.</summary>
    /// <param name="tokens">The most that each choice generates.</param>
    /// <returns>Null: there is nothing left to pay for it.</returns>
    public async Task<EngineReply?> AskAsync(int tokens, JsonObject more, CancellationToken stop, int choices = 1)
    {
        var reserved = tokens * choices;
        if (!Budget.TryTake(reserved))
        {
            return null;
        }

        var reply = await client.PostAsync(engine, ProbeRequest.Of(model, tokens, more), CallPatience, stop);
        Settle(reply, reserved);
        Last = reply;
        return reply;
    }

    /// <summary>A call that is refused before anything is generated, whatever it says.</summary>
    public async Task<EngineReply?> AskMistakenAsync(int bytes, CancellationToken stop) =>
        Budget.TryTake(0)
            ? await client.PostAsync(engine, ProbeRequest.Mistaken(model, bytes), CallPatience, stop)
            : null;

    /// <summary>A stream to be left; all of its tokens count as generated.</summary>
    public async Task<HttpResponseMessage?> OpenAsync(int tokens, CancellationToken stop) =>
        Budget.TryTake(tokens)
            ? await client.OpenAsync(engine, ProbeRequest.Of(model, tokens, new JsonObject { ["stream"] = true }), stop)
            : null;

    /// <summary>A refusal costs nothing, and an answer what its usage says; without one all of it was spent.</summary>
    private void Settle(EngineReply reply, int reserved)
    {
        if (reply.Kind is ReplyKind.Answered && !reply.IsSuccess)
        {
            Budget.Settle(reserved, used: 0);
        }
        else if (reply.Json()?.Member("usage")?.Number("completion_tokens") is { } used)
        {
            Budget.Settle(reserved, used);
        }
    }
}

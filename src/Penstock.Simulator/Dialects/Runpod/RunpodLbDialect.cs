using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Vllm;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Runpod;

/// <summary>
/// RunPod's load-balancing endpoint before vLLM: plain HTTP to the container, with the worker's name on every answer and
/// a health path that tells of starting with 204.
/// </summary>
internal sealed class RunpodLbDialect(SimulatorOptions options) : Dialect(Is, options)
{
    public static readonly DialectFacts Is = new("runpod-lb", 8000)
    {
        LargestBody = 30_000_000,
        IdleConnection = TimeSpan.Zero,
        ColdStart = ColdStart.Waits,
        Habits = VllmDialect.Is.Habits,
    };

    private static readonly HttpHeader Worker = new("X-Runpod-Worker-Id", "w0simulated");

    private readonly VllmDialect _vllm = new(options with { ApiKey = null });

    // There is no queue: what finds no worker is dropped.
    public override HttpReply QueueIsFull => RunpodErrors.Edge(503, "no worker available");

    public override HttpReply? Route(HttpRequest request, EngineState engine)
    {
        if (engine.Options.ApiKey is { } key && !BearerKey.IsWith(request, key))
        {
            return RunpodErrors.Unauthorized;
        }

        var reply =
            request.Path is "/ping" && !engine.IsReady ? HttpReply.Empty(204) : _vllm.RouteWithoutKey(request, engine);
        return reply is null ? null : reply with { Headers = [.. reply.Headers, Worker] };
    }

    public override ChatRequest ReadChat(ChatBody body, EngineState engine) => _vllm.ReadChat(body, engine);

    public override HttpReply Error(int status, string message, string? param = null) =>
        _vllm.Error(status, message, param);

    public override HttpReply Malformed(BadRequestException reason) => _vllm.Malformed(reason);

    public override string AnswerId(HttpRequest request) => _vllm.AnswerId(request);

    public override IReadOnlyList<HttpHeader> Headers(HttpRequest request, Answer answer, EngineState engine) =>
        [Worker];

    public override void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage) =>
        _vllm.WriteAnswer(output, answer, withUsage);

    public override ChunkWriter Chunks(Answer answer) => _vllm.Chunks(answer);
}

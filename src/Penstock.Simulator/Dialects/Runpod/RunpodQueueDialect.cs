using System.Text.Json;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Vllm;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Runpod;

/// <summary>
/// RunPod's queue before a vLLM worker: every request is a job. Headers do not arrive, errors come flattened, a stream
/// comes in pieces that know nothing of events, and nobody stops a job whose client has left.
/// </summary>
internal sealed class RunpodQueueDialect(SimulatorOptions options) : Dialect(Is, options)
{
    public static readonly DialectFacts Is = new("runpod-queue", 8000)
    {
        Server = null,
        // The edge's limit of a synchronous job.
        LargestBody = 20_000_000,
        IdleConnection = TimeSpan.Zero,
        ColdStart = ColdStart.Waits,
        AfterError = ErrorEnding.End,
        IsJob = true,
        Habits = new EngineHabits { AbortLag = Timeout.InfiniteTimeSpan },
    };

    // The worker calls its vLLM without a key.
    private readonly VllmDialect _vllm = new(options with { ApiKey = null });
    private RunpodQueueRoutes? _routes;

    // The edge limits by rate; a job waits otherwise.
    public override HttpReply QueueIsFull => RunpodErrors.Edge(429, "too many requests");

    public override HttpReply? Route(HttpRequest request, EngineState engine) =>
        (_routes ??= new RunpodQueueRoutes(Inside)).Answer(request, engine);

    public override ChatRequest ReadChat(ChatBody body, EngineState engine)
    {
        try
        {
            var chat = _vllm.ReadChat(body, engine);
            // The worker looks for exactly this.
            return chat with { Stream = chat.Stream && IsTrue(body.Root, "stream") };
        }
        catch (RefusalException e) when (body.Root.ValueKind == JsonValueKind.Undefined)
        {
            // What is no JSON does not become a job.
            throw new RefusalException(RunpodErrors.Edge(400, "bad request: the body must be JSON"), e);
        }
        catch (RefusalException e)
        {
            throw new RefusalException(RunpodErrors.Job(Options, e.Reply), e);
        }
    }

    public override HttpReply Error(int status, string message, string? param = null) =>
        RunpodErrors.Job(Options, _vllm.Error(status, message, param));

    public override HttpReply Malformed(BadRequestException reason) => RunpodErrors.Edge(reason.Status, reason.Message);

    // No header of the client reaches the engine, its request id neither.
    public override string AnswerId(HttpRequest request) => $"chatcmpl-{Guid.NewGuid():N}";

    public override void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage) =>
        _vllm.WriteAnswer(output, answer, withUsage);

    public override ChunkWriter Chunks(Answer answer) => new RunpodChunks(_vllm.Chunks(answer));

    /// <summary>What fails inside is a failed job.</summary>
    private HttpReply? Inside(HttpRequest request, EngineState engine) =>
        _vllm.RouteWithoutKey(request, engine) is { } reply
            ? reply.Status >= 400
                ? RunpodErrors.Job(Options, reply)
                : reply
            : null;

    private static bool IsTrue(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}

using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>
/// vLLM's OpenAI server as of 0.27: bodies with all their nulls, wrapped errors, <c>stop_reason</c>.
/// </summary>
internal sealed class VllmDialect(SimulatorOptions options) : Dialect(Is, options)
{
    public static readonly DialectFacts Is = new("vllm", 8000)
    {
        Habits = new EngineHabits { Priority = PriorityOrder.LowFirst, TakesCacheSalt = true },
    };

    private readonly VllmRelease _release = new(options);
    private readonly VllmRoutes _routes = new(new VllmRelease(options));
    private readonly VllmChatReader _reader = new(options, new VllmRelease(options));

    public override HttpReply QueueIsFull =>
        Error(503, "The engine is busy: the waiting queue is full. Please retry later.");

    public override HttpReply? Route(HttpRequest request, EngineState engine) => _routes.Answer(request, engine);

    /// <summary>For whoever stands before it and asks for a key of its own.</summary>
    public HttpReply? RouteWithoutKey(HttpRequest request, EngineState engine) => _routes.AnswerOpen(request, engine);

    public override ChatRequest ReadChat(ChatBody body, EngineState engine) => _reader.Read(body);

    public override HttpReply Error(int status, string message, string? param = null) =>
        status is 401 ? VllmErrors.Unauthorized
        : param is null ? VllmErrors.Phrase(status, message)
        : VllmErrors.Semantic(message, param);

    public override string AnswerId(HttpRequest request) =>
        request.Header("X-Request-Id") is { Length: > 0 } given ? $"chatcmpl-{given}" : $"chatcmpl-{Guid.NewGuid():N}";

    public override IReadOnlyList<HttpHeader> Headers(HttpRequest request, Answer answer, EngineState engine)
    {
        List<HttpHeader> headers = [];
        if (Options.RequestIdHeaders)
        {
            headers.Add(new HttpHeader("X-Request-Id", request.Header("X-Request-Id") ?? $"{Guid.NewGuid():N}"));
        }

        // Nothing has happened yet that a stream's head could tell of.
        if (!answer.Request.Stream && VllmLoadReport.Header(request, engine) is { } report)
        {
            headers.Add(report);
        }

        return headers;
    }

    public override void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage) =>
        VllmAnswer.Write(output, answer, _release, withUsage);

    public override ChunkWriter Chunks(Answer answer) => new VllmChunks(answer, _release);
}

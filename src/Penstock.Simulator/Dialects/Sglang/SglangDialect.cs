using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Sglang;

/// <summary>
/// SGLang's OpenAI server: flat errors on HTTP and wrapped ones in streams, <c>matched_stop</c>, nulls in deltas,
/// health checks that generate.
/// </summary>
internal sealed class SglangDialect(SimulatorOptions options) : Dialect(Is, options)
{
    public static readonly DialectFacts Is = new("sglang", 30000)
    {
        ColdStart = ColdStart.Answers503,
        Habits = new EngineHabits
        {
            // A task looks for clients that went two seconds after a stream broke.
            AbortLag = TimeSpan.FromSeconds(2),
            Priority = PriorityOrder.HighFirst,
            TakesCacheSalt = true,
        },
    };

    private readonly SglangRoutes _routes = new(options);
    private readonly SglangChatReader _reader = new(options);

    public override HttpReply QueueIsFull => SglangErrors.Raised(503, "The request queue is full.");

    public override HttpReply? Route(HttpRequest request, EngineState engine) => _routes.Answer(request, engine);

    public override ChatRequest ReadChat(ChatBody body, EngineState engine) => _reader.Read(body);

    public override HttpReply Error(int status, string message, string? param = null) =>
        status == 401 ? SglangErrors.Unauthorized
        : status == 400 ? SglangErrors.Reply(400, "BadRequestError", message, param)
        : SglangErrors.Raised(status, message);

    public override string AnswerId(HttpRequest request) => $"{Guid.NewGuid():N}";

    public override void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage) =>
        SglangAnswer.Write(output, answer, Options.CacheReport, withUsage);

    public override ChunkWriter Chunks(Answer answer) => new SglangChunks(answer, Options.CacheReport);
}

using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Trtllm;

/// <summary>
/// <c>trtllm-serve</c>: refuses fields it does not know, never pushes back, says nothing when a stream breaks, and
/// answers its own faults with 400.
/// </summary>
internal sealed class TrtllmDialect(SimulatorOptions options) : Dialect(Is, options)
{
    public static readonly DialectFacts Is = new("trtllm", 8000)
    {
        AfterError = ErrorEnding.Cut,
        Habits = new EngineHabits
        {
            // A task looks once a second whether the client is still there.
            AbortLag = TimeSpan.FromSeconds(1),
            Priority = PriorityOrder.HighFirst,
            TakesCacheSalt = true,
            BlockSize = 32,
        },
    };

    private readonly TrtllmRoutes _routes = new(options);
    private readonly TrtllmChatReader _reader = new(options);

    // Its queue has no end.
    public override HttpReply? QueueIsFull => null;

    public override HttpReply? Route(HttpRequest request, EngineState engine) => _routes.Answer(request, engine);

    public override ChatRequest ReadChat(ChatBody body, EngineState engine) => _reader.Read(body);

    public override HttpReply Error(int status, string message, string? param = null) =>
        TrtllmErrors.Reply(status, status == 400 ? "BadRequestError" : HeadWriter.Phrase(status), message);

    public override HttpReply Failed(string message) => TrtllmErrors.Generation(message);

    public override string AnswerId(HttpRequest request) => $"chatcmpl-{Guid.NewGuid():N}";

    public override void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage) =>
        TrtllmAnswer.Write(output, answer, withUsage);

    public override ChunkWriter Chunks(Answer answer) => new TrtllmChunks(answer);
}

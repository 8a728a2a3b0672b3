using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Llamacpp;

/// <summary>
/// llama.cpp's <c>llama-server</c>: keys in its own order, timings, several events a write, no [DONE] after an error.
/// </summary>
internal sealed class LlamacppDialect : Dialect
{
    public static readonly DialectFacts Is = new("llamacpp", 8080)
    {
        Server = "llama.cpp",
        JsonType = LlamacppErrors.JsonType,
        StreamType = "text/event-stream",
        ColdStart = ColdStart.Answers503,
        AfterError = ErrorEnding.End,
        GathersEnds = true,
        PingInterval = TimeSpan.FromSeconds(30),
        Ping = ":",
    };

    private readonly LlamacppAnswer _answer;
    private readonly LlamacppRoutes _routes;
    private readonly LlamacppChatReader _reader;

    public LlamacppDialect(SimulatorOptions options)
        : base(Is, options)
    {
        _answer = new LlamacppAnswer(options);
        _routes = new LlamacppRoutes(options, _answer.Fingerprint);
        _reader = new LlamacppChatReader(options);
    }

    // What finds no slot is put off, however much that is.
    public override HttpReply? QueueIsFull => null;

    public override HttpReply? Route(HttpRequest request, EngineState engine) => _routes.Answer(request, engine);

    public override ChatRequest ReadChat(ChatBody body, EngineState engine) => _reader.Read(body);

    public override HttpReply Error(int status, string message, string? param = null) =>
        LlamacppErrors.Of(status, message);

    public override string AnswerId(HttpRequest request) => $"chatcmpl-{Guid.NewGuid():N}";

    public override IReadOnlyList<HttpHeader> Headers(HttpRequest request, Answer answer, EngineState engine)
    {
        var origin = new HttpHeader("Access-Control-Allow-Origin", request.Header("Origin") ?? "");
        return answer.Request.Stream ? [origin, new HttpHeader("X-Accel-Buffering", "no")] : [origin];
    }

    public override void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage) =>
        _answer.Write(output, answer, withUsage);

    public override ChunkWriter Chunks(Answer answer) => new LlamacppChunks(answer, _answer);
}

using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Openai;

/// <summary>OpenAI's own server, as the specification and its users know it: what every engine claims to be like.</summary>
internal sealed class OpenaiDialect(SimulatorOptions options) : Dialect(Is, options)
{
    public static readonly DialectFacts Is = new("openai", 8080)
    {
        Server = "cloudflare",
        IdleConnection = TimeSpan.Zero,
        AfterError = ErrorEnding.End,
        ColdStart = ColdStart.Answers503,
    };

    private readonly OpenaiRoutes _routes = new();
    private readonly OpenaiChatReader _reader = new(options);

    public override HttpReply QueueIsFull =>
        OpenaiErrors.Of(429, "Rate limit reached. Please try again later.", param: null);

    public override HttpReply? Route(HttpRequest request, EngineState engine) =>
        engine.IsReady
            ? _routes.Answer(request, engine)
            : OpenaiErrors.Of(503, "The engine is currently overloaded, please try again later", param: null);

    public override ChatRequest ReadChat(ChatBody body, EngineState engine) => _reader.Read(body);

    public override HttpReply Error(int status, string message, string? param = null) =>
        status == 401 ? OpenaiErrors.Unauthorized(hasKey: true) : OpenaiErrors.Of(status, message, param);

    public override string AnswerId(HttpRequest request) => $"chatcmpl-{Guid.NewGuid():N}";

    public override IReadOnlyList<HttpHeader> Headers(HttpRequest request, Answer answer, EngineState engine) =>
        [
            new("openai-version", "2020-10-01"),
            new("openai-processing-ms", "12"),
            new("x-request-id", $"req_{Guid.NewGuid():N}"),
        ];

    public override void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage) =>
        OpenaiAnswer.Write(output, answer, withUsage);

    public override ChunkWriter Chunks(Answer answer) => new OpenaiChunks(answer);
}

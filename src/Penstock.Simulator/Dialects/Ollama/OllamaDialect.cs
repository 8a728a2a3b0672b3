using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Ollama;

/// <summary>Ollama: loads models inside a request, drops fields it does not know, loses the text of late errors.</summary>
internal sealed class OllamaDialect(SimulatorOptions options) : Dialect(Is, options)
{
    public static readonly DialectFacts Is = new("ollama", 11434)
    {
        Server = null,
        StreamType = "text/event-stream",
        // Go's server keeps them as long as the client does.
        IdleConnection = TimeSpan.Zero,
        ColdStart = ColdStart.Waits,
        AfterError = ErrorEnding.End,
    };

    private readonly OllamaRoutes _routes = new(options);
    private readonly OllamaChatReader _reader = new(options);

    public override HttpReply QueueIsFull =>
        OllamaErrors.Of(503, "server busy, please try again.  maximum pending requests exceeded");

    public override HttpReply? Route(HttpRequest request, EngineState engine) => _routes.Answer(request, engine);

    public override ChatRequest ReadChat(ChatBody body, EngineState engine) => _reader.Read(body);

    public override HttpReply Error(int status, string message, string? param = null) =>
        OllamaErrors.Of(status, message);

    // A number below a thousand: ids repeat.
    public override string AnswerId(HttpRequest request) => $"chatcmpl-{(uint)Guid.NewGuid().GetHashCode() % 999}";

    public override void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage) =>
        OllamaAnswer.Write(output, answer, withUsage);

    public override ChunkWriter Chunks(Answer answer) => new OllamaChunks(answer);
}

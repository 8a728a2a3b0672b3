using System.Globalization;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Tgi;

/// <summary>Hugging Face's text-generation-inference: an id that is empty, errors in words, numbers in headers.</summary>
internal sealed class TgiDialect(SimulatorOptions options) : Dialect(Is, options)
{
    public static readonly DialectFacts Is = new("tgi", 3000)
    {
        Server = null,
        StreamType = "text/event-stream",
        IdleConnection = TimeSpan.Zero,
        PingInterval = TimeSpan.FromSeconds(15),
        Ping = ":",
    };

    private readonly TgiRoutes _routes = new();
    private readonly TgiChatReader _reader = new(options);

    public override HttpReply QueueIsFull => TgiErrors.Of(429, "Model is overloaded");

    public override HttpReply? Route(HttpRequest request, EngineState engine) => _routes.Answer(request, engine);

    public override ChatRequest ReadChat(ChatBody body, EngineState engine) => _reader.Read(body);

    public override HttpReply Error(int status, string message, string? param = null) => TgiErrors.Of(status, message);

    public override HttpReply Failed(string message) => TgiErrors.Of(424, message);

    public override HttpReply Malformed(BadRequestException reason) => HttpReply.Empty(reason.Status);

    public override string AnswerId(HttpRequest request) => "";

    public override IReadOnlyList<HttpHeader> Headers(HttpRequest request, Answer answer, EngineState engine)
    {
        HttpHeader[] always =
        [
            new("x-compute-type", "1-gpu+optimized"),
            new("x-compute-characters", Text(request.Body.Length)),
        ];
        return answer.Request.Stream
            ? [.. always, new HttpHeader("x-accel-buffering", "no")]
            :
            [
                .. always,
                new HttpHeader("x-prompt-tokens", Text(answer.PromptTokens)),
                new HttpHeader("x-generated-tokens", Text(answer.CompletionTokens)),
                new HttpHeader("x-queue-time", "0"),
                new HttpHeader("x-time-per-token", Text((int)Options.Itl.TotalMilliseconds)),
            ];
    }

    public override void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage) =>
        TgiAnswer.Write(output, answer, withUsage);

    public override ChunkWriter Chunks(Answer answer) => new TgiChunks(answer);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

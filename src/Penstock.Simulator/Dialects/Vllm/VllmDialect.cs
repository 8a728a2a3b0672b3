using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>
/// vLLM's OpenAI server as of 0.27: bodies with all their nulls, wrapped errors, <c>stop_reason</c>.
/// </summary>
internal sealed class VllmDialect : Dialect
{
    public const string Version = "0.27.1";
    public const string Fingerprint = "vllm-" + Version + "-51d0cafe";

    public override string Name => "vllm";

    public override int DefaultPort => 8000;

    public override EngineHabits Habits { get; } = new() { Priority = PriorityOrder.LowFirst, TakesCacheSalt = true };

    public override bool SaysDoneAfterError => true;

    public override HttpReply? Route(HttpRequest request, EngineState engine) => VllmRoutes.Answer(request, engine);

    public override ChatRequest ReadChat(ChatBody body, EngineState engine) => VllmChatReader.Read(body, engine);

    public override HttpReply Error(int status, string message, string? param = null) =>
        status is 401 ? VllmErrors.Unauthorized
        : param is null ? VllmErrors.Phrase(status, message)
        : VllmErrors.Semantic(message, param);

    public override HttpReply Malformed(BadRequestException reason) =>
        // Below the application: uvicorn says no more than this for every head it cannot read.
        reason.Status == 400
            ? new HttpReply(400, "text/plain; charset=utf-8", "Invalid HTTP request received."u8.ToArray())
            : VllmErrors.Phrase(reason.Status, reason.Message);

    public override string AnswerId(HttpRequest request) =>
        request.Header("X-Request-Id") is { Length: > 0 } given ? $"chatcmpl-{given}" : $"chatcmpl-{Guid.NewGuid():N}";

    public override void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage) =>
        VllmAnswer.Write(output, answer, withUsage);

    public override ChunkWriter Chunks(Answer answer) => new VllmChunks(answer);

    public override byte[] ErrorEvent(string message) =>
        VllmErrors.Body(500, "InternalServerError", message, param: null);
}

using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects;

/// <summary>
/// One engine's way of speaking: its routes, how it reads a request, how it words answers and errors. What the engine
/// is doing is in <see cref="EngineState"/>; how it was started is in its options.
/// </summary>
internal abstract class Dialect(DialectFacts facts, SimulatorOptions options)
{
    public DialectFacts Facts { get; } = facts;

    protected SimulatorOptions Options { get; } = options;

    /// <returns>The answer of a simple route or a refusal; null when the request is a chat completion.</returns>
    public abstract HttpReply? Route(HttpRequest request, EngineState engine);

    /// <exception cref="RefusalException">The request is not valid for this engine.</exception>
    public abstract ChatRequest ReadChat(ChatBody body, EngineState engine);

    public abstract HttpReply Error(int status, string message, string? param = null);

    /// <summary>A generation that failed before its first byte.</summary>
    public virtual HttpReply Failed(string message) => Error(500, message);

    /// <summary>The answer to one request more than the queue holds; null where the engine lets every queue grow.</summary>
    public abstract HttpReply? QueueIsFull { get; }

    /// <summary>The answer to bytes that are no HTTP request.</summary>
    public virtual HttpReply Malformed(BadRequestException reason) =>
        // Below the application: uvicorn says no more than this for every head it cannot read.
        reason.Status == 400
            ? new HttpReply(400, "text/plain; charset=utf-8", "Invalid HTTP request received."u8.ToArray())
            : Error(reason.Status, reason.Message);

    public abstract string AnswerId(HttpRequest request);

    /// <summary>Further headers of a good answer.</summary>
    public virtual IReadOnlyList<HttpHeader> Headers(HttpRequest request, Answer answer, EngineState engine) => [];

    public abstract void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage);

    public abstract ChunkWriter Chunks(Answer answer);
}

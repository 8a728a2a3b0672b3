using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects;

/// <summary>
/// One engine's way of speaking: its routes, how it reads a request, how it words answers and errors. A dialect is
/// stateless; what the engine is doing is in <see cref="EngineState"/>.
/// </summary>
internal abstract class Dialect
{
    public abstract string Name { get; }

    /// <summary>The port the real engine takes when told nothing.</summary>
    public abstract int DefaultPort { get; }

    /// <summary>How the engine behind the words behaves.</summary>
    public virtual EngineHabits Habits { get; } = new();

    /// <returns>The answer of a simple route or a refusal; null when the request is a chat completion.</returns>
    public abstract HttpReply? Route(HttpRequest request, EngineState engine);

    /// <exception cref="RefusalException">The request is not valid for this engine.</exception>
    public abstract ChatRequest ReadChat(ChatBody body, EngineState engine);

    public abstract HttpReply Error(int status, string message, string? param = null);

    /// <summary>The answer to bytes that are no HTTP request.</summary>
    public abstract HttpReply Malformed(BadRequestException reason);

    public abstract string AnswerId(HttpRequest request);

    public abstract void WriteAnswer(ByteBuffer output, Answer answer, bool withUsage);

    public abstract ChunkWriter Chunks(Answer answer);

    /// <summary>The event that ends a stream whose generation failed.</summary>
    public abstract byte[] ErrorEvent(string message);

    /// <summary>Whether [DONE] still comes after such an event.</summary>
    public abstract bool SaysDoneAfterError { get; }
}

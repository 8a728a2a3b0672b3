using Penstock.Envelopes;

namespace Penstock.Inference;

/// <summary>A request's bytes and what was found in them. A lease: it is used again, being half a kilobyte large.</summary>
internal sealed class ChatRequest : IDisposable
{
    /// <summary>As many as usually end on one thread while others begin there.</summary>
    private const int MostKept = 64;

    [ThreadStatic]
    private static Stack<ChatRequest>? _kept;

    /// <summary>A large struct: read it in place.</summary>
    public RequestEnvelope Envelope;

    private ChatRequest() { }

    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <param name="body">Outlives the lease.</param>
    public static ChatRequest Rent(ReadOnlyMemory<byte> body)
    {
        var request = _kept is { Count: > 0 } kept ? kept.Pop() : new ChatRequest();
        request.Body = body;
        return request;
    }

    public void Dispose()
    {
        (Body, Envelope) = (default, default);
        var kept = _kept ??= new Stack<ChatRequest>(MostKept);
        if (kept.Count < MostKept)
        {
            kept.Push(this);
        }
    }
}

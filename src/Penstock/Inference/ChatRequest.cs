using Penstock.Envelopes;

namespace Penstock.Inference;

/// <summary>
/// A request's bytes, what was found in them, and what becomes of them on their way to an engine. A lease: it is used
/// again, being a kilobyte large.
/// </summary>
internal sealed class ChatRequest : IDisposable
{
    /// <summary>As many as usually end on one thread while others begin there.</summary>
    private const int MostKept = 64;

    [ThreadStatic]
    private static Stack<ChatRequest>? _kept;

    /// <summary>A large struct: read it in place. Whoever reads a body into it writes it anew.</summary>
    public RequestEnvelope Envelope;

    private RequestBody _body;

    private ChatRequest() { }

    public ReadOnlyMemory<byte> Body => _body.Bytes;

    /// <summary>The body for the route that is asked now.</summary>
    public SplicedBody Outgoing { get; } = new(default);

    /// <param name="body">Ends with the lease.</param>
    public static ChatRequest Rent(in RequestBody body)
    {
        var request = _kept is { Count: > 0 } kept ? kept.Pop() : new ChatRequest();
        request._body = body;
        return request;
    }

    public void Dispose()
    {
        _body.Dispose();
        _body = default;
        Outgoing.Begin(default);
        var kept = _kept ??= new Stack<ChatRequest>(MostKept);
        if (kept.Count < MostKept)
        {
            kept.Push(this);
        }
    }
}

using Penstock.Envelopes;

namespace Penstock.Inference;

/// <summary>A request's bytes and what was found in them.</summary>
internal sealed class ChatRequest(ReadOnlyMemory<byte> body)
{
    /// <summary>A large struct: read it in place.</summary>
    public RequestEnvelope Envelope;

    public ReadOnlyMemory<byte> Body => body;
}

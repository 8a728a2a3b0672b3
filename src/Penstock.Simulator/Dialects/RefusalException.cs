using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects;

/// <summary>A request the engine refuses, with the answer it gives.</summary>
internal sealed class RefusalException(HttpReply reply, Exception? inner = null) : Exception("refused", inner)
{
    public HttpReply Reply { get; } = reply;
}

using Penstock.Transport.Epoll;

namespace Penstock.Transport;

/// <summary>Makes wires of the kind that suits.</summary>
/// <param name="loops">Null where the sockets of .NET are used.</param>
internal sealed class Wires(EventLoops? loops)
{
    /// <summary>Kinds of places a wire can live at: the loops, or one that is none of them.</summary>
    public int Places => loops?.Count ?? 1;

    /// <summary>The event loop that this is; −1 on any other thread.</summary>
    public static int Here => EventLoop.Current?.Index ?? -1;

    /// <param name="tlsHost">The name the certificate must carry; null: plain text.</param>
    public Wire Create(string? tlsHost) =>
        loops is null || tlsHost is not null ? new SocketWire(tlsHost) : new LoopWire(loops.Own);
}

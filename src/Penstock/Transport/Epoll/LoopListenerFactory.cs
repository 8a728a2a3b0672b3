using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Penstock.Transport.Plain;

namespace Penstock.Transport.Epoll;

/// <summary>Kestrel's seam for transports. What it cannot bind (a Unix socket) stays with the one of .NET.</summary>
internal sealed class LoopListenerFactory(
    EventLoops loops,
    PlainConnections plain,
    IMemoryPoolFactory<byte> pools,
    IOptions<SocketTransportOptions> options,
    TimeProvider time
) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // The bounds are the framework's own: what a caller may send ahead, and what may wait for a slow reader.
        var pipes = new PipeSettings(pools.Create(), options.Value.MaxReadBufferSize, options.Value.MaxWriteBufferSize);
        return new(new LoopListener((IPEndPoint)endpoint, options.Value.Backlog, loops, pipes, plain, time));
    }
}

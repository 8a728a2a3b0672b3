using System.Net;
using Microsoft.AspNetCore.Connections;
using Penstock.Transport.Epoll;

namespace Penstock.Transport;

/// <summary>Binds with the event loops when they are chosen; else it leaves that to the factory of .NET.</summary>
internal sealed class ChosenListenerFactory(TransportOptions options, IServiceProvider services)
    : IConnectionListenerFactory,
        IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => options.UsesLoops && endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        services.GetRequiredService<LoopListenerFactory>().BindAsync(endpoint, cancellationToken);
}

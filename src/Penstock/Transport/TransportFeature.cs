using Microsoft.AspNetCore.Connections;
using Penstock.Primitives;
using Penstock.Transport.Epoll;
using Penstock.Transport.Plain;

namespace Penstock.Transport;

/// <summary>How bytes come in and go out.</summary>
internal static class TransportFeature
{
    public static void AddTransport(this IServiceCollection services)
    {
        services.AddSection<TransportOptions>("Transport");
        services.AddSingleton<IMemoryPoolFactory<byte>>(provider =>
        {
            var pool = new BlockPool(provider.GetRequiredService<TimeProvider>());
            provider.GetRequiredService<Heartbeat>().Add(pool);
            return pool;
        });
        services.AddSingleton(provider => new EventLoops(provider.GetRequiredService<TransportOptions>().Loops));
        services.AddSingleton(provider => new Wires(
            provider.GetRequiredService<TransportOptions>().UsesLoops ? provider.GetRequiredService<EventLoops>() : null
        ));
        services.AddSingleton<LoopListenerFactory>().AddSingleton<PlainRoute>().AddSingleton<PlainConnections>();
        services.AddHostedService(provider => provider.GetRequiredService<PlainConnections>());
    }

    /// <summary>
    /// To be called behind <c>UseSockets</c>: the factory that was added last is asked first, and the one of .NET where
    /// ours binds nothing.
    /// </summary>
    public static void UseEventLoops(this IWebHostBuilder web) =>
        web.ConfigureServices(services => services.AddSingleton<IConnectionListenerFactory, ChosenListenerFactory>());
}

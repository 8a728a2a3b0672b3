using Microsoft.AspNetCore.Connections;
using Penstock.Primitives;

namespace Penstock.Transport;

/// <summary>How bytes come in and go out.</summary>
internal static class TransportFeature
{
    public static void AddTransport(this IServiceCollection services) =>
        services.AddSingleton<IMemoryPoolFactory<byte>>(provider =>
        {
            var pool = new BlockPool(provider.GetRequiredService<TimeProvider>());
            provider.GetRequiredService<Heartbeat>().Add(pool);
            return pool;
        });
}

using Penstock.Primitives;

namespace Penstock.Idempotency;

/// <summary>Answers that are given again.</summary>
internal static class IdempotencyFeature
{
    public static void AddIdempotency(this IServiceCollection services)
    {
        services.AddSection<IdempotencyOptions>("Idempotency");
        services
            .AddSingleton<IdempotencyMetrics>()
            .AddSingleton<MemoryIdempotencyStore>()
            .AddSingleton<IIdempotencyStore>(provider => provider.GetRequiredService<MemoryIdempotencyStore>());
    }
}

using Penstock.Observability;
using Penstock.Primitives;

namespace Penstock.Inference;

/// <summary>The corridor.</summary>
internal static class InferenceFeature
{
    public static void AddInference(this IServiceCollection services)
    {
        services.AddSection<InferenceOptions>("Inference");
        services
            .AddSingleton<InferenceMetrics>()
            .AddSingleton<Purse>()
            .AddSingleton<Settlement>()
            .AddSingleton<FieldLog<InferenceRecorder>>()
            .AddSingleton<InferenceRecorder>()
            .AddSingleton<InferenceDoor>()
            .AddSingleton<Gatekeeper>()
            .AddSingleton<StreamRescue>()
            .AddSingleton<InferenceAttempt>()
            .AddSingleton<HedgedAttempt>()
            .AddSingleton<OutgoingBody>()
            .AddSingleton<RouteTurns>()
            .AddSingleton<FieldNotices>()
            .AddSingleton<Failover>()
            .AddSingleton<Generation>()
            .AddSingleton<Replay>()
            .AddSingleton<Twins>()
            .AddSingleton<InferencePipeline>()
            .AddSingleton<ModelEndpoints>()
            .AddSingleton<UnknownEndpoints>();
    }
}

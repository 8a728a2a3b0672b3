using Penstock.Contracts;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Registry;

/// <summary>Records as the management API shows them. None of these forms holds a secret or a hash.</summary>
internal static class Resources
{
    public static PlanResource Of(Plan plan) =>
        new()
        {
            Name = plan.Name,
            RequestsPerMinute = plan.RequestsPerMinute,
            MaxRequestsPerMinute = plan.MaxRequestsPerMinute,
            Burst = plan.Burst,
            Keys = plan.Keys,
            Priority = plan.Priority,
        };

    public static WorkspaceResource Of(Workspace workspace) =>
        new()
        {
            Id = workspace.Id,
            Name = workspace.Name,
            Plan = workspace.Plan,
            CreatedAt = workspace.CreatedAt,
        };

    public static KeyResource Of(KeyRecord key, RegistryState state, string? secret = null) =>
        new()
        {
            Id = key.Id,
            Name = key.Name,
            Workspace = state.WorkspaceName(key.WorkspaceId),
            Hint = key.Hint,
            Secret = secret,
            RequestsPerMinute = key.RequestsPerMinute,
            Burst = key.Burst,
            Models = key.Models,
            Permissions = key.Permissions,
            ExpiresAt = key.ExpiresAt,
            RevokedAt = key.RevokedAt,
            RotatedFrom = key.RotatedFrom,
            CreatedAt = key.CreatedAt,
        };

    public static DeploymentResource Of(DeploymentRecord deployment, RegistryState state) =>
        new()
        {
            Id = deployment.Id,
            Workspace = state.WorkspaceName(deployment.WorkspaceId),
            Model = deployment.Model,
            UpstreamModel = deployment.UpstreamModel,
            Backend = deployment.Backend,
            Replicas = [.. deployment.Replicas.Select(Of)],
            Limits = Of(deployment.Limits),
            Defaults = Of(deployment.Defaults),
            Timeouts = Of(deployment.Timeouts),
            Retry = new RetryShape { Attempts = deployment.Attempts },
            Policy = deployment.Routing.Policy.Name(),
            ShareCache = deployment.Routing.ShareCache,
            EnginePriority = deployment.Routing.EnginePriority,
            Continuity = deployment.Continuity.Word(),
            Fallbacks = deployment.Fallbacks,
            CreatedAt = deployment.CreatedAt,
        };

    private static ReplicaShape Of(ReplicaRecord replica) =>
        new()
        {
            Url = replica.RunPod is null ? replica.Url : null,
            Runpod = replica.RunPod?.Id,
            Mode = replica.RunPod?.ModeWord,
            ApiKeyEnv = replica.ApiKeyEnv,
            ApiKeyFile = replica.ApiKeyFile,
            Weight = replica.Weight,
            Drained = replica.Drained ? true : null,
        };

    private static LimitsShape Of(DeploymentLimits limits) =>
        new()
        {
            TopLogprobs = limits.TopLogprobs,
            N = limits.N,
            MaxConcurrency = limits.MaxConcurrency,
            Queue = limits.Queue,
            QueueWait = Duration.Format(limits.QueueWait),
            StartWait = Duration.Format(limits.StartWait),
        };

    private static DefaultsShape Of(SamplingDefaults defaults) =>
        defaults == SamplingDefaults.OfTheEngine
            ? DefaultsShape.Engine
            : new DefaultsShape
            {
                MaxTokens = defaults.MaxTokens,
                Temperature = defaults.Temperature,
                TopP = defaults.TopP,
            };

    private static TimeoutsShape Of(DeploymentTimeouts timeouts) =>
        new()
        {
            Connect = Duration.Format(timeouts.Connect),
            FirstByte = Duration.Format(timeouts.FirstByte),
            Idle = Duration.Format(timeouts.Idle),
            Total = Duration.Format(timeouts.Total),
        };
}

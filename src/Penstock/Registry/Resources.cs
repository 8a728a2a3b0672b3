using Penstock.Contracts;
using Penstock.Keys;
using Penstock.Metering;
using Penstock.Registry.Reading;
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
            Limits = Of(plan.Limits),
        };

    public static WorkspaceResource Of(Workspace workspace) =>
        new()
        {
            Id = workspace.Id,
            Name = workspace.Name,
            Plan = workspace.Plan,
            Limits = Of(workspace.Limits),
            Credited = workspace.Credited is { } nanos ? Money.OfNanos(nanos) : null,
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
            Limits = Of(key.Limits),
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
            Hedge = deployment.Routing.Hedge.Word(),
            Price = Of(deployment.Price),
            Usage = UsageReportingNames.Of(deployment.Usage),
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

    private static AllowanceShape? Of(Allowance limits) =>
        limits == Allowance.Unlimited
            ? null
            : new AllowanceShape
            {
                TokensPerMinute = limits.TokensPerMinute,
                ConcurrentRequests = limits.ConcurrentRequests,
                TokensPerDay = limits.TokensPerDay,
                TokensPerMonth = limits.TokensPerMonth,
                SpendPerDay = Amount(limits.SpendPerDay),
                SpendPerMonth = Amount(limits.SpendPerMonth),
            };

    private static PriceShape? Of(TokenPrice? price) =>
        price is null
            ? null
            : new PriceShape
            {
                Prompt = Money.OfMicros(price.Prompt),
                Cached = price.Cached is { } cached ? Money.OfMicros(cached) : null,
                Completion = Money.OfMicros(price.Completion),
            };

    private static decimal? Amount(long? nanos) => nanos is { } known ? Money.OfNanos(known) : null;

    private static LimitsShape Of(DeploymentLimits limits) =>
        new()
        {
            TopLogprobs = limits.TopLogprobs,
            N = limits.N,
            MaxConcurrency = limits.MaxConcurrency,
            Queue = limits.Queue,
            QueueWait = Duration.Format(limits.QueueWait),
            StartWait = Duration.Format(limits.StartWait),
            OutageWait = Duration.Format(limits.OutageWait),
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

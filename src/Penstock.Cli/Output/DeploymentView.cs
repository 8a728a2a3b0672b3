using Penstock.Contracts;

namespace Penstock.Cli.Output;

/// <summary>Deployments on stdout.</summary>
internal static class DeploymentView
{
    public static void Show(Report report, DeploymentResource deployment)
    {
        if (report.IsJson)
        {
            report.Json(deployment, ContractsJson.Default.DeploymentResource);
            return;
        }

        report.Card(Members(deployment));
    }

    public static void Show(Report report, IReadOnlyList<DeploymentResource> deployments)
    {
        if (report.IsJson)
        {
            report.Json(deployments, ContractsJson.Default.IReadOnlyListDeploymentResource);
            return;
        }

        report.Table(
            ["workspace", "model", "upstream model", "backend", "replicas", "id"],
            deployments.Select(d =>
                (IReadOnlyList<string>)
                    [
                        d.Workspace,
                        d.Model,
                        d.UpstreamModel,
                        d.Backend,
                        string.Join(", ", d.Replicas.Select(r => r.Place)),
                        d.Id.ToString(),
                    ]
            )
        );
    }

    private static IEnumerable<(string, string)> Members(DeploymentResource deployment)
    {
        yield return ("model", deployment.Model);
        yield return ("workspace", deployment.Workspace == "*" ? "* (all)" : deployment.Workspace);
        yield return ("upstream model", deployment.UpstreamModel);
        yield return ("backend", deployment.Backend);
        yield return ("id", deployment.Id.ToString());
        foreach (var replica in deployment.Replicas)
        {
            yield return ("replica", Replica(replica));
        }

        var (limits, timeouts) = (deployment.Limits, deployment.Timeouts);
        yield return (
            "limits",
            Pairs(
                ("top_logprobs", limits.TopLogprobs),
                ("n", limits.N),
                ("max_concurrency", limits.MaxConcurrency),
                ("queue", limits.Queue),
                ("queue_wait", limits.QueueWait),
                ("start_wait", limits.StartWait),
                ("outage_wait", limits.OutageWait)
            )
        );
        yield return ("defaults", Defaults(deployment.Defaults));
        yield return (
            "timeouts",
            Pairs(
                ("connect", timeouts.Connect),
                ("first_byte", timeouts.FirstByte),
                ("idle", timeouts.Idle),
                ("total", timeouts.Total)
            )
        );
        yield return ("retry", Pairs(("attempts", deployment.Retry.Attempts)));
        yield return (
            "routing",
            Pairs(
                ("policy", deployment.Policy),
                ("share_cache", deployment.ShareCache),
                ("engine_priority", deployment.EnginePriority)
            )
        );
        yield return ("continuity", deployment.Continuity);
        yield return ("hedge", deployment.Hedge);
        yield return (
            "price",
            deployment.Price is { } price
                ? Pairs(("prompt", price.Prompt), ("cached", price.Cached), ("completion", price.Completion))
                : "none"
        );
        yield return ("usage", deployment.Usage);
        yield return ("fallbacks", deployment.Fallbacks.Count == 0 ? "none" : string.Join(", ", deployment.Fallbacks));
        yield return ("created", Moment.Of(deployment.CreatedAt));
        foreach (var member in (deployment.States ?? []).SelectMany(CardView.Members))
        {
            yield return member;
        }
    }

    private static string Defaults(DefaultsShape defaults) =>
        defaults.IsEngine
            ? "engine"
            : Pairs(
                ("max_tokens", defaults.MaxTokens),
                ("temperature", defaults.Temperature),
                ("top_p", defaults.TopP)
            );

    private static string Replica(ReplicaShape replica) =>
        replica.Place
        + (replica.Weight is > 1 ? $", weight {replica.Weight}" : "")
        + (replica.Drained is true ? ", drained" : "")
        + (replica.ApiKeyEnv is { } variable ? $", credential in variable {variable}" : "")
        + (replica.ApiKeyFile is { } file ? $", credential in file {file}" : "");

    private static string Pairs(params (string Name, object? Value)[] pairs) =>
        string.Join(", ", pairs.Where(p => p.Value is not null).Select(p => $"{p.Name} {Spelled(p.Value)}"));

    /// <summary>As the file spells it.</summary>
    private static object? Spelled(object? value) =>
        value switch
        {
            true => "true",
            false => "false",
            _ => value,
        };
}

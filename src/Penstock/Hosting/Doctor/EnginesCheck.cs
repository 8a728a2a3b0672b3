using Penstock.Engines;
using Penstock.Probing;
using Penstock.Registry;

namespace Penstock.Hosting.Doctor;

/// <summary>Every replica of every deployment: reachable, well, open to our credential, and serving the model.</summary>
/// <param name="cards">What earlier probes found: the doctor itself lets no engine generate.</param>
/// <param name="serverRuns">Then the simulator of its process runs, too.</param>
internal sealed class EnginesCheck(BoundedClient client, IReadOnlyList<StoredCard> cards, bool serverRuns)
{
    private const string Name = "engine";

    /// <summary>As many as a person reads to find the one that was meant.</summary>
    private const int MostNamed = 5;

    private readonly UpstreamCredentials _credentials = new(EnvironmentVariables.OfTheProcess);
    private readonly ReplicaProbe _probe = new(client);

    /// <summary>Replicas of several deployments are often one engine, which is asked once.</summary>
    private readonly Dictionary<(string Url, Engine Engine, string? Credential), Task<ReplicaSight>> _asked = [];

    /// <param name="state">Null: the registry could not be read.</param>
    public async Task<IReadOnlyList<Finding>> RunAsync(RegistryState? state)
    {
        if (state is null)
        {
            return [Finding.Warning(Name, "not asked: the registry cannot be read", "Mend the database first.")];
        }

        // All are under way before the first is waited for.
        List<Task<Finding>> asked =
        [
            .. from deployment in state
                .Deployments.Values.OrderBy(deployment => deployment.Model, StringComparer.Ordinal)
                .ThenBy(deployment => deployment.Id)
            from replica in deployment.Replicas
            select CheckAsync(deployment, replica),
        ];
        return asked.Count > 0
            ? [.. await Task.WhenAll(asked), .. Warnings(state)]
            : [Finding.Ok(Name, "there are no deployments yet")];
    }

    private async Task<Finding> CheckAsync(DeploymentRecord deployment, ReplicaRecord replica)
    {
        var subject = $"{deployment.Model} at {replica.Url} ({deployment.Backend})";
        if (deployment.Id == DemoEngine.DeploymentId && !serverRuns)
        {
            return Finding.Ok(Name, $"{subject}: the simulator, which runs with the server only");
        }

        if (replica.RunPod is not null)
        {
            return Finding.Ok(Name, $"{subject}: not asked, for asking may start a machine that costs money");
        }

        var (credential, missing) = _credentials.Resolve(replica);
        if (missing is not null)
        {
            return Uncredited(subject, replica, missing);
        }

        var sight = await AskOnceAsync(replica.Url, EngineCatalog.Find(deployment.Backend), credential);
        return sight.Problem is { } problem
            ? Finding.Problem(Name, $"{subject}: {problem}", sight.Advice!)
            : Judge(subject, deployment, sight.Models);
    }

    /// <summary>The environment here need not be the server's; a file is the same for both.</summary>
    private static Finding Uncredited(string subject, ReplicaRecord replica, string missing) =>
        replica.ApiKeyEnv is not null
            ? Finding.Warning(
                Name,
                $"{subject}: not asked, {missing} here",
                "Set it where the server starts, and here to have the engine checked."
            )
            : Finding.Problem(Name, $"{subject}: {missing}", "Mend the file, or name another.");

    private Task<ReplicaSight> AskOnceAsync(string url, Engine engine, string? credential)
    {
        var key = (url, engine, credential);
        if (!_asked.TryGetValue(key, out var sight))
        {
            sight = _probe.AskAsync(url, engine, credential);
            _asked.Add(key, sight);
        }

        return sight;
    }

    private static Finding Judge(string subject, DeploymentRecord deployment, IReadOnlyList<string>? models)
    {
        if (models is null)
        {
            return Finding.Warning(
                Name,
                $"{subject}: it is well, but does not list its models",
                $"See that it serves {deployment.UpstreamModel}, and that the backend is {deployment.Backend}."
            );
        }

        return models.Any(id => Means(id, deployment.UpstreamModel))
            ? Finding.Ok(Name, $"{subject}: it is well and serves {deployment.UpstreamModel}")
            : Finding.Problem(
                Name,
                $"{subject}: it does not serve {deployment.UpstreamModel}, but {Named(models)}",
                $"Start the engine with that model, or: penstock deployments set {deployment.Id} --upstream-model NAME"
            );
    }

    /// <summary>What the latest probe of a replica warned of.</summary>
    private IEnumerable<Finding> Warnings(RegistryState state) =>
        from deployment in state.Deployments.Values.OrderBy(one => one.Model, StringComparer.Ordinal)
        from replica in deployment.Replicas
        from stored in cards
        where stored.Model == deployment.UpstreamModel && stored.Url == new Uri(replica.Url).AbsoluteUri
        from warning in CardJson.Read(stored.Json)?.Warnings ?? []
        select Finding.Warning(
            Name,
            $"{deployment.Model} at {replica.Url} ({deployment.Backend}): {warning} (probed {stored.ProbedAt:yyyy-MM-dd})",
            $"If the engine has changed since: penstock deployments probe {deployment.Id}"
        );

    /// <summary>Ollama lists a tag that callers may leave out.</summary>
    private static bool Means(string id, string model) => id == model || id == model + ":latest";

    private static string Named(IReadOnlyList<string> models) =>
        models.Count switch
        {
            0 => "no model at all",
            <= MostNamed => string.Join(", ", models),
            _ => $"{string.Join(", ", models.Take(MostNamed))} and {models.Count - MostNamed} more",
        };
}

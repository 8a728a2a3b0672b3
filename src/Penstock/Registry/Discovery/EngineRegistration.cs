using Penstock.Registry.Changes;

namespace Penstock.Registry.Discovery;

/// <summary>
/// Offers the models of found engines to the workspace of the first start. A model whose engine is known already, in
/// whatever workspace, is left as it is; so is one whose engine is gone today.
/// </summary>
internal sealed class EngineRegistration(LiveRegistry registry, DeploymentChanges deployments)
{
    /// <summary>What was registered now; empty where everything was known, or there is no such workspace.</summary>
    public async Task<IReadOnlyList<DeploymentRecord>> RegisterAsync(
        IReadOnlyList<FoundEngine> engines,
        CancellationToken cancellationToken
    )
    {
        var outcome = await registry.ChangeAsync(
            Actors.Discovery,
            draft => Register(draft, engines),
            cancellationToken
        );
        return outcome.Value
            ?? throw new StoreException($"The engines found cannot be registered: {outcome.Mistakes[0].Message}");
    }

    private List<DeploymentRecord> Register(RegistryDraft draft, IReadOnlyList<FoundEngine> engines)
    {
        var registered = new List<DeploymentRecord>();
        if (draft.After.FindWorkspace(FirstStart.WorkspaceName) is null)
        {
            return registered;
        }

        var known = draft
            .After.Deployments.Values.SelectMany(deployment =>
                deployment.Replicas.Select(replica => (replica.Url, deployment.UpstreamModel))
            )
            .ToHashSet();
        foreach (var engine in engines)
        {
            foreach (var model in engine.Models.Where(model => known.Add((engine.Url, model))))
            {
                var spec = Declared<DeploymentSpec>.ByProgram(Spec(engine, model));
                registered.Add(deployments.Create(draft, spec)!);
            }
        }

        return registered;
    }

    private static DeploymentSpec Spec(FoundEngine engine, string model) =>
        DeploymentSpec.New with
        {
            Workspace = FirstStart.WorkspaceName,
            Model = model,
            UpstreamModel = model,
            Backend = engine.Backend,
            Replicas = [new ReplicaSpec(new ReplicaRecord { Url = engine.Url }, SaysCredential: false)],
        };
}

using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Simulator;

namespace Penstock.Hosting;

/// <summary>
/// The simulator in this process, for a gateway that has no engine yet. Its deployment keeps its id and moves to the
/// port of the day.
/// </summary>
internal sealed class DemoEngine(LiveRegistry registry, DeploymentChanges deployments) : IAsyncDisposable
{
    public const string Model = "demo";

    public static readonly Guid DeploymentId = Guid.Parse("5e1f0de0-0000-4000-8000-00000000de30");

    private SimulatorServer? _simulator;

    /// <returns>False when there is no workspace to show it to.</returns>
    public async Task<bool> StartAsync(CancellationToken cancellation)
    {
        if (registry.State.FindWorkspace(FirstStart.WorkspaceName) is null)
        {
            return false;
        }

        _simulator = SimulatorServer.Start(
            new SimulatorOptions
            {
                Models = [Model],
                // The pace of a small model on a good GPU, so that streaming can be seen.
                Ttft = TimeSpan.FromMilliseconds(120),
                Itl = TimeSpan.FromMilliseconds(20),
            }
        );
        var url = _simulator.Url.AbsoluteUri.TrimEnd('/');
        var outcome = await registry.ChangeAsync(Actors.FirstStart, draft => Put(draft, url), cancellation);
        return !outcome.Refused ? true : throw new StartException(outcome.Mistakes[0].Message);
    }

    public ValueTask DisposeAsync() => _simulator?.DisposeAsync() ?? ValueTask.CompletedTask;

    private DeploymentRecord? Put(RegistryDraft draft, string url)
    {
        var declared = Declared<DeploymentSpec>.ByProgram(
            DeploymentSpec.New with
            {
                Id = DeploymentId,
                Workspace = FirstStart.WorkspaceName,
                Model = Model,
                Backend = "simulator-vllm",
                Replicas = [new ReplicaSpec(new ReplicaRecord { Url = url }, SaysCredential: false)],
            }
        );
        return draft.After.Deployments.GetValueOrDefault(DeploymentId) is { } before
            ? deployments.Update(draft, before, declared)
            : deployments.Create(draft, declared);
    }
}

using Microsoft.Extensions.Time.Testing;
using Penstock.Engines;
using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Tests.Routing;

/// <summary>A deployment's line on a clock that stands still until it is told.</summary>
internal sealed class Line : IDisposable
{
    public Line(int replicas, DeploymentLimits? limits = null, string engine = "vllm")
    {
        Replicas = [.. Enumerable.Range(1, replicas).Select(number => MakeReplica(number, engine))];
        Queue = new AdmissionQueue(Time, new Chance(1));
        Queue.Use(Replicas, limits ?? new DeploymentLimits(), RoutingPolicy.Balanced);
    }

    public FakeTimeProvider Time { get; } = new();
    public Replica[] Replicas { get; }
    public AdmissionQueue Queue { get; }

    public static Replica MakeReplica(int number, string engine = "vllm", int weight = 1) =>
        new(new ReplicaAddress(new Uri($"http://engine-{number}:8000"), null, weight), EngineCatalog.Find(engine));

    public static Guid Workspace(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    public Admission Enter(int workspace = 1, long tokens = 100, int share = 1, Attempted attempted = default) =>
        Queue.Enter(
            new Claim
            {
                Workspace = Workspace(workspace),
                Tokens = tokens,
                Share = share,
            },
            attempted,
            trace: null
        );

    public void Fail(Replica replica, int times)
    {
        for (var i = 0; i < times; i++)
        {
            replica.Failed(Time, new("engine_error, status 500", Time.GetTimestamp()));
        }
    }

    public void Dispose() => Queue.Dispose();
}

using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Tests.Routing;

/// <summary>What outlives a change of the registry.</summary>
public sealed class RouterTests : IDisposable
{
    private static readonly Uri A = new("http://a:8000");
    private static readonly Uri B = new("http://b:8000");

    private readonly Router _router = new(TimeProvider.System, new Chance(1));

    public void Dispose() => _router.Dispose();

    /// <summary>A router elsewhere forgot its load with each health check, and sent everybody to one engine.</summary>
    [Fact]
    public void Another_weight_or_a_drain_leaves_a_replica_s_load_and_health_as_they_are()
    {
        var deployment = Deploy(A, B);
        _router.Use([deployment]);
        var replica = Replica(0);
        replica.Enter();
        replica.Failed(TimeProvider.System, new("engine_error, status 500", long.MaxValue));

        _router.Use([
            deployment with
            {
                Replicas = [new ReplicaAddress(A, null, 5) { Drained = true }, new ReplicaAddress(B, null, 1)],
            },
        ]);

        Assert.Same(replica, Replica(0));
        Assert.Equal(
            (1, 1, 5, true),
            (replica.InFlight, replica.Failures, replica.Address.Weight, replica.Address.Drained)
        );
    }

    [Fact]
    public void A_new_credential_is_a_new_replica()
    {
        var deployment = Deploy(A);
        _router.Use([deployment]);
        var replica = Replica(0);
        var retired = new List<Replica>();
        _router.Retired += retired.Add;

        _router.Use([deployment with { Replicas = [new ReplicaAddress(A, "sk-2", 1)] }]);

        Assert.NotSame(replica, Replica(0));
        Assert.Same(replica, Assert.Single(retired));
    }

    [Fact]
    public async Task Who_waits_before_a_change_is_served_after_it()
    {
        var deployment = Deploy(A) with { Limits = new DeploymentLimits { MaxConcurrency = 1 } };
        _router.Use([deployment]);
        var admission = _router.Table.Routes[0].Admission;
        var slot = admission.Enter(new Claim(), Attempted.Nothing, trace: null).Slot!;
        var place = admission.Enter(new Claim(), Attempted.Nothing, trace: null).Place!;

        _router.Use([deployment with { Fallbacks = ["other"] }]);
        slot.Release(brokenOff: false);

        Assert.NotNull((await place.Outcome).Slot);
        Assert.Same(admission, _router.Table.Routes[0].Admission);
    }

    [Fact]
    public void A_replica_that_is_added_to_others_warms_up_and_the_first_ones_do_not()
    {
        var deployment = Deploy(A);
        _router.Use([deployment]);
        _router.Use([deployment with { Replicas = [.. deployment.Replicas, new ReplicaAddress(B, null, 1)] }]);

        Assert.Equal(0, Replica(0).WarmSince);
        Assert.NotEqual(0, Replica(1).WarmSince);
    }

    [Fact]
    public void A_workspace_s_own_deployment_comes_before_one_that_all_share_however_old_that_is()
    {
        var workspace = Guid.NewGuid();
        var shared = Deploy(A) with { WorkspaceId = null };
        var own = Deploy(B) with { WorkspaceId = workspace, CreatedAt = DateTimeOffset.UnixEpoch.AddYears(50) };
        _router.Use([shared, own]);

        Assert.Equal([own.Id, shared.Id], _router.Table.Find(workspace, "m").Select(route => route.Deployment.Id));
    }

    private Replica Replica(int index) => _router.Table.Routes[0].Replicas[index];

    private static Deployment Deploy(params Uri[] replicas) =>
        new()
        {
            Id = Guid.NewGuid(),
            WorkspaceId = null,
            Model = "m",
            UpstreamModel = "m",
            Backend = "vllm",
            Replicas = [.. replicas.Select(url => new ReplicaAddress(url, null, 1))],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
}

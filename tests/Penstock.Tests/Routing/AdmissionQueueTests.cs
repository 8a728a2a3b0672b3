using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Tests.Routing;

public sealed class AdmissionQueueTests
{
    private static readonly DeploymentLimits One = new() { MaxConcurrency = 1, Queue = 2 };

    [Fact]
    public void A_free_slot_is_taken_at_once_and_the_next_request_waits()
    {
        using var line = new Line(replicas: 1, One);

        Assert.NotNull(line.Enter().Slot);
        Assert.NotNull(line.Enter().Place);
        Assert.Equal(1, line.Queue.Waiting);
    }

    [Fact]
    public async Task A_slot_that_comes_free_goes_to_who_waits()
    {
        using var line = new Line(replicas: 1, One);
        var first = line.Enter().Slot!;
        var place = line.Enter().Place!;

        first.Release(brokenOff: false);

        Assert.NotNull((await place.Outcome).Slot);
        Assert.Equal(1, line.Replicas[0].InFlight);
    }

    [Fact]
    public void A_slot_is_given_back_once_however_often_it_is_released()
    {
        using var line = new Line(replicas: 1, One);
        var slot = line.Enter().Slot!;

        slot.Release(brokenOff: false);
        slot.Release(brokenOff: false);

        Assert.Equal(0, line.Replicas[0].InFlight);
    }

    [Fact]
    public void A_full_line_says_when_to_come_back()
    {
        using var line = new Line(replicas: 1, One);
        line.Enter();
        line.Enter();
        line.Enter();

        var refusal = line.Enter().Refusal;

        Assert.Equal(NoSlotReason.QueueFull, refusal.Reason);
        Assert.NotNull(refusal.RetryAfter);
    }

    [Fact]
    public async Task When_to_come_back_is_learned_from_how_fast_the_line_moves()
    {
        using var line = new Line(replicas: 1, One);
        var slot = line.Enter().Slot!;
        for (var turn = 0; turn < 50; turn++)
        {
            var place = line.Enter().Place!;
            var behind = line.Enter().Place!;
            line.Time.Advance(TimeSpan.FromSeconds(4));
            slot.Release(brokenOff: false);
            slot = (await place.Outcome).Slot!;
            line.Time.Advance(TimeSpan.FromSeconds(4));
            slot.Release(brokenOff: false);
            slot = (await behind.Outcome).Slot!;
        }

        line.Enter();
        line.Enter();

        // Two wait, each turn takes four seconds: the third would wait for twelve.
        Assert.InRange(line.Enter().Refusal.RetryAfter!.Value.TotalSeconds, 10, 13);
    }

    [Fact]
    public async Task A_full_line_makes_room_for_a_workspace_that_has_less_in_it()
    {
        using var line = new Line(replicas: 1, One);
        line.Enter(workspace: 1);
        line.Enter(workspace: 1);
        var last = line.Enter(workspace: 1).Place!;

        var place = line.Enter(workspace: 2).Place;

        Assert.NotNull(place);
        Assert.Equal(NoSlotReason.QueueFull, (await last.Outcome).Refusal.Reason);
    }

    [Fact]
    public void Who_waits_no_longer_leaves_no_trace()
    {
        using var line = new Line(replicas: 1, One);
        var slot = line.Enter().Slot!;
        line.Enter().Place!.Leave();
        Assert.Equal(0, line.Queue.Waiting);

        var place = line.Enter().Place!;
        slot.Release(brokenOff: false);
        place.Leave();

        Assert.Equal(0, line.Replicas[0].InFlight);
    }

    [Fact]
    public async Task Who_waits_gets_a_slot_on_the_replicas_of_a_changed_deployment()
    {
        using var line = new Line(replicas: 1, One);
        line.Enter();
        var place = line.Enter().Place!;

        line.Queue.Use([line.Replicas[0], Line.MakeReplica(2)], One, RoutingPolicy.Balanced);

        Assert.NotNull((await place.Outcome).Slot);
    }

    [Fact]
    public async Task Nobody_waits_for_a_deployment_that_is_gone()
    {
        using var line = new Line(replicas: 1, One);
        line.Enter();
        var place = line.Enter().Place!;

        line.Queue.Use([], One, RoutingPolicy.Balanced);

        Assert.Equal(NoSlotReason.Stopped, (await place.Outcome).Refusal.Reason);
    }

    [Fact]
    public void A_drained_replica_gets_nothing_new_and_a_drained_deployment_says_so()
    {
        using var line = new Line(replicas: 2);
        line.Replicas[0].Use(line.Replicas[0].Address with { Drained = true });
        for (var i = 0; i < 20; i++)
        {
            Assert.Same(line.Replicas[1], line.Enter().Slot!.Replica);
        }

        line.Replicas[1].Use(line.Replicas[1].Address with { Drained = true });

        Assert.Equal(NoSlotReason.Stopped, line.Enter().Refusal.Reason);
        Assert.Equal(20, line.Replicas[1].InFlight);
    }

    [Fact]
    public async Task The_slot_of_a_broken_call_stays_taken_for_as_long_as_the_engine_is_slow_to_notice()
    {
        using var line = new Line(replicas: 1, One, engine: "sglang");
        var slot = line.Enter().Slot!;
        var place = line.Enter().Place!;

        slot.Release(brokenOff: true);

        line.Time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.False(place.Outcome.IsCompleted);
        Assert.Equal(1, line.Replicas[0].Lagging);
        line.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.NotNull((await place.Outcome).Slot);
        Assert.Equal(0, line.Replicas[0].Lagging);
    }

    [Fact]
    public void With_every_breaker_open_a_request_is_told_when_the_next_probe_is_due()
    {
        using var line = new Line(replicas: 2);
        line.Fail(line.Replicas[0], times: 5);
        line.Fail(line.Replicas[1], times: 5);

        var refusal = line.Enter().Refusal;

        Assert.Equal(NoSlotReason.NoHealthyReplica, refusal.Reason);
        Assert.Equal(1, refusal.RetryAfter!.Value.TotalSeconds, tolerance: 0.1);
    }

    [Fact]
    public void A_replica_that_comes_back_is_probed_by_one_request_while_another_takes_the_rest()
    {
        using var line = new Line(replicas: 2);
        line.Fail(line.Replicas[0], times: 5);
        line.Time.Advance(TimeSpan.FromSeconds(40));

        var slots = Enumerable.Range(0, 10).Select(_ => line.Enter().Slot!).ToList();

        Assert.Single(slots, slot => slot.Replica == line.Replicas[0]);
        Assert.True(slots.Single(slot => slot.Replica == line.Replicas[0]).IsProbe);
    }

    [Fact]
    public async Task Whoever_waits_is_sent_away_when_the_last_replica_fails()
    {
        using var line = new Line(replicas: 1, One);
        var slot = line.Enter().Slot!;
        var place = line.Enter().Place!;

        line.Fail(line.Replicas[0], times: 5);
        slot.Release(brokenOff: false);

        Assert.Equal(NoSlotReason.NoHealthyReplica, (await place.Outcome).Refusal.Reason);
    }

    [Fact]
    public async Task Where_the_engine_asks_for_a_pause_requests_wait_for_its_end()
    {
        using var line = new Line(replicas: 1);
        line.Replicas[0].BackOff(line.Time, TimeSpan.FromSeconds(2));

        var place = line.Enter().Place!;
        line.Time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(place.Outcome.IsCompleted);
        line.Time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.NotNull((await place.Outcome).Slot);
    }

    [Fact]
    public void A_long_pause_is_not_waited_for()
    {
        using var line = new Line(replicas: 1);
        line.Replicas[0].BackOff(line.Time, TimeSpan.FromSeconds(20));

        var refusal = line.Enter().Refusal;

        Assert.Equal(NoSlotReason.BackingOff, refusal.Reason);
        Assert.Equal(20, refusal.RetryAfter!.Value.TotalSeconds, tolerance: 0.1);
    }

    [Fact]
    public async Task A_starting_replica_holds_requests_until_it_is_there()
    {
        using var line = new Line(replicas: 1);
        Report(line, ReplicaCondition.Starting, TimeSpan.FromSeconds(40));

        var place = line.Enter().Place!;
        Assert.Equal(new DeploymentLimits().StartWait, line.Queue.LongestWait);
        line.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(NoSlotReason.Starting, line.Queue.TimeIsUp().Reason);
        Assert.Equal(30, line.Queue.TimeIsUp().RetryAfter!.Value.TotalSeconds, tolerance: 0.1);
        Report(line, ReplicaCondition.Alive, null);

        Assert.NotNull((await place.Outcome).Slot);
    }

    [Fact]
    public void A_starting_replica_that_requests_wake_is_sent_them()
    {
        using var line = new Line(replicas: 1);
        line.Replicas[0]
            .Report(new(ReplicaCondition.Starting, "no worker", null, TakesRequests: true, line.Time.GetTimestamp()));

        Assert.NotNull(line.Enter().Slot);
    }

    [Fact]
    public void A_replica_that_kept_silent_is_not_asked_again_while_there_is_another()
    {
        using var line = new Line(replicas: 2, One);
        var silent = line.Replicas[0];
        line.Replicas[1].Enter();

        var admission = line.Enter(attempted: Attempted.Nothing.With(silent, anew: false, giveUp: true));

        Assert.NotNull(admission.Place);
        Assert.Equal(0, silent.InFlight);
    }

    [Fact]
    public void A_second_slot_is_another_replica_s_and_free_now()
    {
        using var line = new Line(replicas: 3, One);
        var first = line.Enter().Slot!.Replica;
        var attempted = Attempted.Nothing.With(first, anew: false, giveUp: false);

        var second = line.Queue.TakeAnother(new Claim(), attempted)!;
        Assert.NotSame(first, second.Replica);
        var third = line.Queue.TakeAnother(new Claim(), attempted)!;
        Assert.NotSame(second.Replica, third.Replica);

        Assert.Null(line.Queue.TakeAnother(new Claim(), attempted));
        Assert.All(line.Replicas, replica => Assert.Equal(1, replica.InFlight));
    }

    [Fact]
    public void Nobody_gets_a_second_slot_while_others_wait_for_one_or_where_a_replica_is_not_well()
    {
        using var line = new Line(replicas: 2);
        var first = line.Enter().Slot!.Replica;
        var attempted = Attempted.Nothing.With(first, anew: false, giveUp: false);
        var other = line.Replicas.Single(replica => replica != first);

        line.Fail(other, times: 1);
        Assert.Null(line.Queue.TakeAnother(new Claim(), attempted));

        line.Time.Advance(TimeSpan.FromSeconds(2));
        line.Queue.Use(line.Replicas, One, RoutingPolicy.Balanced);
        var only = line.Enter(attempted: attempted).Slot!;
        Assert.NotNull(line.Enter().Place);
        other.Leave();
        Assert.Null(line.Queue.TakeAnother(new Claim(), attempted));
        Assert.Same(other, only.Replica);
    }

    [Fact]
    public void A_replica_whose_cache_is_nearly_full_is_taken_for_twice_as_busy()
    {
        using var line = new Line(replicas: 2);
        line.Replicas[0].Report(new Penstock.Engines.EngineLoad(Running: 0, Waiting: 0, KvUsage: 0.95));
        line.Replicas[1].Report(new Penstock.Engines.EngineLoad(Running: 0, Waiting: 0, KvUsage: 0.5));

        for (var i = 0; i < 90; i++)
        {
            Assert.NotNull(line.Enter().Slot);
        }

        Assert.InRange(line.Replicas[0].InFlight, 27, 32);
        Assert.Equal(90, line.Replicas.Sum(replica => replica.InFlight));
    }

    private static void Report(Line line, ReplicaCondition condition, TimeSpan? estimate) =>
        line.Replicas[0].Report(new(condition, "loading", estimate, TakesRequests: false, line.Time.GetTimestamp()));
}

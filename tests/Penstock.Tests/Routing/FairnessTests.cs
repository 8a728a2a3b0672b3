using FsCheck.Xunit;
using Penstock.Routing;

namespace Penstock.Tests.Routing;

public sealed class FairnessTests
{
    private static readonly TimeSpan Service = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_flood_of_a_thousand_requests_delays_another_workspace_by_one_service_time_at_most()
    {
        using var line = new Line(replicas: 4, new DeploymentLimits { MaxConcurrency = 4, Queue = 2_000 });
        var running = new Queue<(DateTimeOffset Ends, ReplicaSlot Slot)>();
        var flood = Enumerable.Range(0, 1_000).Select(_ => line.Enter(workspace: 1)).ToList();
        foreach (var admission in flood.Where(admission => admission.Slot is not null))
        {
            running.Enqueue((line.Time.GetUtcNow() + Service, admission.Slot!));
        }

        var waiting = flood.Select(admission => admission.Place).OfType<QueuePlace>().ToList();
        var waits = new List<TimeSpan>();
        (QueuePlace Place, DateTimeOffset Since)? quiet = null;
        for (var step = 0; step < 500; step++)
        {
            if (quiet is null && step % 5 == 0)
            {
                quiet = (line.Enter(workspace: 2).Place!, line.Time.GetUtcNow());
            }

            line.Time.Advance(TimeSpan.FromMilliseconds(100));
            while (running.TryPeek(out var oldest) && oldest.Ends <= line.Time.GetUtcNow())
            {
                running.Dequeue().Slot.Release(brokenOff: false);
            }

            foreach (var place in waiting.Where(place => place.Outcome.IsCompleted).ToList())
            {
                running.Enqueue((line.Time.GetUtcNow() + Service, (await place.Outcome).Slot!));
                waiting.Remove(place);
            }

            if (quiet is { Place.Outcome.IsCompleted: true } served)
            {
                waits.Add(line.Time.GetUtcNow() - served.Since);
                running.Enqueue((line.Time.GetUtcNow() + Service, (await served.Place.Outcome).Slot!));
                quiet = null;
            }
        }

        Assert.True(waits.Count > 20);
        Assert.All(waits, wait => Assert.True(wait <= Service + TimeSpan.FromMilliseconds(100), $"waited {wait}"));
    }

    [Property(MaxTest = 200)]
    public void However_they_come_workspaces_that_always_wait_get_shares_by_weight(byte seed, byte first, byte second)
    {
        var (light, heavy) = ((first % 50) + 1, (second % 50) + 1);
        var shares = new[] { 1, 3 };
        var tokens = new[] { light, heavy };
        var line = new FairLine();
        var served = new double[2];
        for (var i = 0; i < 2; i++)
        {
            for (var n = 0; n < 40; n++)
            {
                line.Add(Place((i + seed) % 2, tokens, shares));
            }
        }

        // As long as both wait, work is shared one to three, whoever came first and however large the requests are.
        for (var turn = 0; turn < 20; turn++)
        {
            var next = line.Next(_ => true)!;
            line.Serve(next);
            var workspace = next.Claim.Share == 1 ? 0 : 1;
            served[workspace] += next.Claim.Tokens;
            line.Add(Place(workspace, tokens, shares));
        }

        var difference = Math.Abs((served[0] / shares[0]) - (served[1] / shares[1]));
        Assert.True(difference <= light + ((double)heavy / 3) + 1, $"{served[0]} and {served[1]}");
    }

    [Fact]
    public void A_workspace_with_large_requests_does_not_get_more_than_one_with_small_ones()
    {
        var line = new FairLine();
        for (var n = 0; n < 20; n++)
        {
            line.Add(Place(0, [1_000, 100], [1, 1]));
            line.Add(Place(1, [1_000, 100], [1, 1]));
        }

        var order = Enumerable.Range(0, 22).Select(_ => Serve(line)).ToList();

        Assert.Equal(2, order.Count(workspace => workspace == 0));
    }

    [Fact]
    public void A_workspace_with_one_request_at_a_time_does_not_starve_one_that_waits_in_numbers()
    {
        var line = new FairLine();
        for (var n = 0; n < 10; n++)
        {
            line.Add(Place(0, [10, 10], [1, 1]));
        }

        line.Add(Place(1, [10, 10], [1, 1]));
        var served = new List<int>();
        for (var turn = 0; turn < 10; turn++)
        {
            var workspace = Serve(line);
            served.Add(workspace);
            if (workspace == 1)
            {
                line.Add(Place(1, [10, 10], [1, 1]));
            }
        }

        Assert.InRange(served.Count(workspace => workspace == 1), 4, 6);
    }

    [Fact]
    public void Work_that_was_not_done_is_not_held_against_its_workspace()
    {
        var line = new FairLine();
        line.Add(Place(1, [10, 10], [1, 1]));
        var left = Enumerable.Range(0, 5).Select(_ => Place(0, [1_000, 10], [1, 1])).ToList();
        left.ForEach(line.Add);
        left.ForEach(line.Remove);

        line.Add(Place(0, [5, 10], [1, 1]));
        line.Add(Place(1, [10, 10], [1, 1]));

        Assert.Equal([1, 0, 1], new[] { Serve(line), Serve(line), Serve(line) });
        Assert.Equal(0, line.Count);
    }

    private static int Serve(FairLine line)
    {
        var next = line.Next(_ => true)!;
        line.Serve(next);
        return next.Claim.Workspace == Line.Workspace(0) ? 0 : 1;
    }

    private static QueuePlace Place(int workspace, int[] tokens, int[] shares) =>
        new(
            queue: null!,
            new Claim
            {
                Workspace = Line.Workspace(workspace),
                Tokens = tokens[workspace],
                Share = shares[workspace],
            },
            Attempted.Nothing,
            trace: null
        );
}

using FsCheck.Xunit;
using Penstock.Limits;
using Penstock.Tests.Limits;

namespace Penstock.Tests.Storage.Redis.Slices;

/// <summary>Three nodes that ask, fall silent, and die, in any order, and the bound of decision 16.</summary>
public sealed class LeasedLimitProperties(RedisServer server) : IClassFixture<RedisServer>
{
    private const int Nodes = 3;

    private static readonly int[] Budgets = [1, 7, 60, 500, 6_000];

    [Property(MaxTest = 60, StartSize = 40, EndSize = 200)]
    public async Task Never_above_limit_and_burst_and_never_refused_earlier_than_by_two_slices_a_node(
        byte budget,
        byte burst,
        (byte Node, byte Kind, byte Gap)[] steps
    )
    {
        var clock = new TickClock(1_000_000);
        var limit = new Limit(Guid.NewGuid(), Budgets[budget % Budgets.Length], 1 + burst);
        var bucket = new TrueBucket(limit, clock.TimestampFrequency);
        var fleet = new List<RedisNode>();
        var killed = 0;
        try
        {
            var prefix = Guid.NewGuid().ToString("N");
            var time = RedisTime.Of(clock);
            while (fleet.Count < Nodes)
            {
                fleet.Add(await OpenAsync());
            }

            var slice = limit.Burst * fleet[0].Options.SlicePercent / 100;
            foreach (var (number, kind, gap) in steps)
            {
                clock.AdvanceTicks(GapOf(kind, gap));
                var node = fleet[number % Nodes];
                switch (kind % 8)
                {
                    case 6:
                        await node.Slices.StepAsync();
                        continue;
                    case 7 when gap % 4 == 0:
                        // kill -9: it says no more.
                        await node.DisposeAsync();
                        fleet[number % Nodes] = await OpenAsync();
                        killed++;
                        continue;
                }

                for (var request = 0; request <= gap % 16; request++)
                {
                    var now = clock.GetTimestamp();
                    var decision = await node.LeasedLimits.TakeAsync(limit, CancellationToken.None);
                    if (decision.Granted)
                    {
                        bucket.Grant(now);
                        continue;
                    }

                    // What the dead had leased counts as used.
                    Assert.InRange(bucket.RoomAt(now), 0, ((2 * Nodes) + killed) * slice + 0.999_999_999);
                }
            }

            Assert.All(fleet, node => Assert.Equal(0, node.DecidedAlone));
            bucket.AssertNoMinuteHoldsMoreThanLimitAndBurst();

            Task<RedisNode> OpenAsync() => RedisNode.OpenAsync(server.Connection, prefix, clock, time);
        }
        finally
        {
            foreach (var node in fleet)
            {
                await node.DisposeAsync();
            }
        }
    }

    /// <summary>Mostly within a lease of a second, some beyond it, and few that drain everything.</summary>
    private static long GapOf(byte kind, byte gap) =>
        (kind % 5) switch
        {
            0 => 0,
            1 => gap,
            2 => gap * 400L,
            3 => gap * 4_000L,
            _ => gap % 8 == 0 ? gap * 300_000L : gap * 1_000L,
        };
}

using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using Penstock.Keys;
using Penstock.Limits;
using Penstock.Tests.Keys;

namespace Penstock.Tests.Storage.Redis.Slices;

/// <summary>Three nodes whose requests begin, end late, and die with them, in any order, and the bound of decision 16.</summary>
public sealed class LeasedAllowanceProperties(RedisServer server) : IClassFixture<RedisServer>
{
    private const int Nodes = 3;
    private const int PerMinute = 2_000;
    private const int PerDay = 8_000;
    private const int Largest = 64;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 5, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly List<RedisNode> _fleet = [];
    private string _prefix = "";

    [Property(MaxTest = 60, StartSize = 40, EndSize = 200)]
    public async Task No_minute_and_no_day_holds_more_than_its_limit_and_what_was_told_is_free_for_all(
        (byte Node, byte Kind, byte Asked, byte Used)[] steps
    )
    {
        var grant = Grants.For("a-key") with
        {
            Limits = new Allowance { TokensPerMinute = PerMinute, TokensPerDay = PerDay },
        };
        var ledger = new List<SpentRequest>();
        try
        {
            await OpenAsync();
            foreach (var (number, kind, asked, used) in steps)
            {
                await PassAsync(TimeSpan.FromMilliseconds((kind % 6) * (asked % 7 == 0 ? 2_000 : 20)));
                var node = _fleet[number % Nodes];
                switch (kind % 8)
                {
                    case 5:
                        End(ledger, used);
                        await node.Slices.StepAsync();
                        break;
                    case 6 when used % 4 == 0:
                        End(ledger, used: 0);
                        await AssertThatAllIsFreeAsync(node, grant, ledger);
                        break;
                    default:
                        await BeginAsync(node, grant, ledger, 1 + (asked % Largest), used, howOften: 1 + (used % 8));
                        break;
                }
            }

            End(ledger, used: 0);
            // The last of a budget goes to one request, which may use more than that.
            Assert.InRange(ledger.Sum(request => request.Used), 0, PerDay + Largest);
            Assert.All(_fleet, node => Assert.Equal(0, node.DecidedAlone));
            AssertNoMinuteHoldsMoreThanTheLimit(ledger);
        }
        finally
        {
            await CloseAsync();
        }
    }

    [Property(MaxTest = 40, StartSize = 40, EndSize = 150)]
    public async Task No_minute_holds_more_than_its_limit_though_nodes_are_killed(
        (byte Node, byte Kind, byte Asked, byte Used)[] steps
    )
    {
        var grant = Grants.For("a-key") with { Limits = new Allowance { TokensPerMinute = PerMinute } };
        var ledger = new List<SpentRequest>();
        try
        {
            await OpenAsync();
            foreach (var (number, kind, asked, used) in steps)
            {
                _time.Advance(TimeSpan.FromMilliseconds(kind % 9 == 0 ? asked * 200 : asked % 32));
                var node = _fleet[number % Nodes];
                if (kind % 8 == 7)
                {
                    // kill -9: its requests are over, and nobody is told. What they used until then was used.
                    ledger.ForEach(request => request.DieWith(node));
                    await node.DisposeAsync();
                    _fleet[number % Nodes] = await NodeAsync();
                }
                else
                {
                    await BeginAsync(node, grant, ledger, 1 + (asked % Largest), used, howOften: 1 + (used % 8));
                    if (kind % 8 == 6)
                    {
                        End(ledger, used);
                    }
                }
            }

            AssertNoMinuteHoldsMoreThanTheLimit(ledger);
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <summary>Nodes that live renew what they have; one that is silent for its lease is taken for dead.</summary>
    private async Task PassAsync(TimeSpan gap)
    {
        _time.Advance(gap);
        if (gap >= TimeSpan.FromSeconds(2))
        {
            await Task.WhenAll(_fleet.SelectMany(node => (Task[])[node.Slices.StepAsync(), node.Upkeep.StepAsync()]));
        }
    }

    private async Task BeginAsync(
        RedisNode node,
        KeyGrant grant,
        List<SpentRequest> ledger,
        long asked,
        byte used,
        int howOften
    )
    {
        for (var time = 0; time < howOften; time++)
        {
            var verdict = await node.LeasedAllowances.ReserveAsync(grant, new Outlay(asked, 0), CancellationToken.None);
            if (verdict.Reservation is { } reservation)
            {
                ledger.Add(new SpentRequest(node, reservation, _time.GetUtcNow(), used % 4 == 0 ? asked / 2 : asked));
            }
        }
    }

    /// <summary>Some of those that run, or with 0 all of them.</summary>
    private static void End(List<SpentRequest> ledger, byte used)
    {
        for (var index = 0; index < ledger.Count; index++)
        {
            if (used == 0 || index % (1 + (used % 3)) == 0)
            {
                ledger[index].End();
            }
        }
    }

    /// <summary>When all have told, what no request uses is there for one on any node.</summary>
    private async Task AssertThatAllIsFreeAsync(RedisNode node, KeyGrant grant, List<SpentRequest> ledger)
    {
        foreach (var one in _fleet)
        {
            await one.Accounts.TellAllAsync();
            await one.LeasedAccounts.GiveBackAsync(all: true);
        }

        // A request counts a second and up to the longest gap longer: it is told as begun with the next message.
        var since = _time.GetUtcNow() - TimeSpan.FromSeconds(60 + 2 + 10);
        var ofMinute = PerMinute - ledger.Where(request => request.At >= since).Sum(request => request.Used);
        var room = Math.Min(ofMinute, PerDay - ledger.Sum(request => request.Used));
        if (room > 0)
        {
            await BeginAsync(node, grant, ledger, room, used: 0, howOften: 1);
            Assert.Same(node, ledger[^1].Node);
            Assert.True(ledger[^1].IsRunning);
            ledger[^1].End();
        }
    }

    private static void AssertNoMinuteHoldsMoreThanTheLimit(List<SpentRequest> ledger) =>
        Assert.All(
            ledger,
            first =>
                Assert.InRange(
                    ledger
                        .Where(one => one.At >= first.At && one.At - first.At <= TimeSpan.FromSeconds(60))
                        .Sum(one => one.Used),
                    0,
                    PerMinute
                )
        );

    private async Task OpenAsync()
    {
        _prefix = Guid.NewGuid().ToString("N");
        while (_fleet.Count < Nodes)
        {
            _fleet.Add(await NodeAsync());
        }
    }

    private async Task CloseAsync()
    {
        foreach (var node in _fleet)
        {
            await node.DisposeAsync();
        }

        _fleet.Clear();
    }

    private Task<RedisNode> NodeAsync() => RedisNode.OpenAsync(server.Connection, _prefix, _time);
}

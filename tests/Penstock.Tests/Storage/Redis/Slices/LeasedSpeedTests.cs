using System.Globalization;
using Penstock.Keys;
using Penstock.Limits;
using Penstock.Tests.Keys;

namespace Penstock.Tests.Storage.Redis.Slices;

/// <summary>What slices save: questions to the server; by hand, with more requests, CPU and waiting too.</summary>
public sealed class LeasedSpeedTests(RedisServer server) : IClassFixture<RedisServer>
{
    /// <summary>By hand: 50000.</summary>
    private const string Requests = "PENSTOCK_SLICE_REQUESTS";

    [Fact]
    public async Task Slices_ask_the_server_less_than_a_fifth_as_often()
    {
        var grant = Grants.For("a-key") with
        {
            RequestsPerMinute = 10_000_000,
            Burst = 10_000_000,
            Limits = new Allowance { TokensPerMinute = int.MaxValue },
            WorkspaceLimits = new Allowance { TokensPerMonth = long.MaxValue / 1_024 },
        };
        await using var exact = await RedisNode.OpenAsync(server.Connection, "exact");
        await using var leased = await RedisNode.OpenAsync(server.Connection, "leased");

        // Once to be warm.
        await RunAsync(exact, exact.Limits, exact.Allowances, grant);
        var one = await RunAsync(exact, exact.Limits, exact.Allowances, grant);
        await RunAsync(leased, leased.LeasedLimits, leased.LeasedAllowances, grant);
        var other = await RunAsync(leased, leased.LeasedLimits, leased.LeasedAllowances, grant);

        Assert.InRange(other.Calls, 1, one.Calls / 5);
        Assert.Equal(0, exact.DecidedAlone + leased.DecidedAlone);
        TestContext.Current.SendDiagnosticMessage($"exact: {one}");
        TestContext.Current.SendDiagnosticMessage($"leased: {other}");
    }

    private async Task<Measured> RunAsync(
        RedisNode node,
        ILimitStore limits,
        IAllowanceStore allowances,
        KeyGrant grant
    )
    {
        const int Callers = 4;
        var waits = new double[Count];
        var calls = node.Calls;
        var cpu = Environment.CpuUsage.TotalTime;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, waits.Length),
            new ParallelOptions { MaxDegreeOfParallelism = Callers },
            async (number, cancellation) =>
            {
                var start = TimeProvider.System.GetTimestamp();
                Assert.True((await limits.TakeAsync(Limit.Of(grant), cancellation)).Granted);
                var verdict = await allowances.ReserveAsync(grant, new Outlay(100, 100), cancellation);
                waits[number] = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds;
                allowances.Settle(verdict.Reservation!, new Outlay(60, 60));
            }
        );
        await node.Accounts.TellAllAsync();
        await node.LeasedAccounts.GiveBackAsync(all: true);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Array.Sort(waits);
        return new Measured(
            node.Calls - calls,
            cpu.TotalMicroseconds / waits.Length,
            waits[waits.Length / 2],
            waits[waits.Length * 99 / 100]
        );
    }

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable(Requests), CultureInfo.InvariantCulture, out var count)
            ? count
            : 2_000;

    /// <param name="Cpu">Microseconds a request, of this process.</param>
    /// <param name="Median">Microseconds that a request waits for both decisions.</param>
    private sealed record Measured(long Calls, double Cpu, double Median, double Percentile99);
}

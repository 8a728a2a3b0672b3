using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>Engines that notice late, or never, that nobody listens any more.</summary>
public sealed class AbortLag
{
    private const string Stream = "\"stream\":true";

    [Fact]
    public async Task Tokens_go_on_until_the_engine_notices()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(Lagging(time, TimeSpan.FromSeconds(2)));
        var counters = simulator.Server.Counters;
        await LeaveAfterFirstTokenAsync(simulator, "[[sim itl=1s tokens=60]]");

        await AdvanceAsync(time, () => counters.GeneratedTokens >= 2);
        Assert.Equal((1, 0), (counters.Running, (int)counters.Aborted));
        await AdvanceAsync(time, () => counters.Aborted == 1);
        Assert.Equal(0, counters.Running);
        var record = Assert.Single(simulator.Server.Generations);
        Assert.Equal("aborted", record.Ending);
        Assert.InRange(record.GeneratedTokens, 2, 4);
        Assert.Equal(1, record.SentTokens);
    }

    [Fact]
    public async Task An_engine_that_never_notices_generates_to_the_end()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(Lagging(time, Timeout.InfiniteTimeSpan));
        var counters = simulator.Server.Counters;
        await LeaveAfterFirstTokenAsync(simulator, "[[sim itl=1s tokens=30]]");

        await AdvanceAsync(time, () => counters.Completed == 1);
        Assert.Equal((0, 0L), (counters.Running, counters.Aborted));
        var record = Assert.Single(simulator.Server.Generations);
        Assert.Equal(("completed", 30, 1), (record.Ending, record.GeneratedTokens, record.SentTokens));
    }

    [Fact]
    public async Task An_engine_that_never_notices_still_stops_with_its_server()
    {
        var simulator = new SimulatorClient(new SimulatorOptions { AbortLag = Timeout.InfiniteTimeSpan });
        await LeaveAfterFirstTokenAsync(simulator, "[[sim itl=1m tokens=60]]");
        await simulator.DisposeAsync();
        Assert.Equal(0, simulator.Server.Counters.Running);
    }

    [Fact]
    public async Task A_silent_engine_is_freed_at_once_whatever_its_lag()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { AbortLag = Timeout.InfiniteTimeSpan });
        var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim silent]]")));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 1);
        connection.Dispose();
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Aborted == 1);
    }

    [Fact]
    public void Never_is_a_lag() =>
        Assert.Equal(Timeout.InfiniteTimeSpan, SimulatorArguments.Read(["--abort-lag", "never"]).AbortLag);

    private static SimulatorOptions Lagging(TimeProvider time, TimeSpan lag) =>
        new()
        {
            AbortLag = lag,
            Time = time,
            KeepAlive = TimeSpan.Zero,
        };

    private static async Task LeaveAfterFirstTokenAsync(SimulatorClient simulator, string text)
    {
        var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(RawConnection.Request(SimulatorClient.Body(text, Stream)));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.SentTokens == 1);
        connection.Reset();
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.OpenConnections == 0);
    }

    private static async Task AdvanceAsync(FakeTimeProvider time, Func<bool> holds)
    {
        for (var steps = 0; steps < 1000 && !holds(); steps++)
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        await SimulatorClient.EventuallyAsync(holds);
    }
}

using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>A stream that is silent for long says that it is there, in the engine's way.</summary>
public sealed class DialectPings
{
    [Theory]
    [InlineData("llamacpp", 30, null, ":\n\n")]
    [InlineData("tgi", 15, null, ":\n\n")]
    [InlineData("vllm", 10, 10, ": keep-alive\n\n")]
    public async Task A_comment_comes_after_the_interval(string dialect, int seconds, int? asked, string ping)
    {
        var time = new FakeTimeProvider();
        await using var simulator = Start(dialect, time, asked);
        using var connection = await OpenAsync(simulator);
        var pinged = connection.ReadUntilAsync(ping);
        // The head may be here before the simulator has set its clock: second by second, until it has.
        for (var waited = 0; !pinged.IsCompleted; waited++)
        {
            Assert.True(waited < 100 * seconds, "No comment came.");
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(
                pinged,
                Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken)
            );
        }

        await pinged;
        time.Advance(TimeSpan.FromMinutes(2));
        var text = await connection.ReadUntilAsync("[DONE]");
        Assert.True(
            text.IndexOf(ping, StringComparison.Ordinal) < text.IndexOf("data: ", StringComparison.Ordinal),
            text
        );
    }

    [Theory]
    [InlineData("vllm", null)]
    [InlineData("sglang", null)]
    [InlineData("llamacpp", 0)]
    public async Task Others_stay_silent(string dialect, int? asked)
    {
        var time = new FakeTimeProvider();
        await using var simulator = Start(dialect, time, asked);
        using var connection = await OpenAsync(simulator);
        time.Advance(TimeSpan.FromMinutes(2));
        var text = await connection.ReadUntilAsync("[DONE]");
        Assert.DoesNotContain("\n:", text, StringComparison.Ordinal);
    }

    private static SimulatorClient Start(string dialect, TimeProvider time, int? ping) =>
        new(
            new SimulatorOptions
            {
                Dialect = dialect,
                Time = time,
                KeepAlive = TimeSpan.Zero,
                PingInterval = ping is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            }
        );

    private static async Task<RawConnection> OpenAsync(SimulatorClient simulator)
    {
        var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=1m]]", "\"stream\":true")));
        await connection.ReadUntilAsync("\r\n\r\n");
        return connection;
    }
}

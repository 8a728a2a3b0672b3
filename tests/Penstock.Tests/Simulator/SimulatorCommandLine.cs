using System.Net;
using System.Text.RegularExpressions;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>The command and its flags.</summary>
public sealed class SimulatorCommandLine
{
    [Fact]
    public void Flags_become_options()
    {
        var options = SimulatorArguments.Read([
            "--port",
            "0",
            "--model",
            "a",
            "--model=b/c",
            "--ttft",
            "20ms",
            "--itl",
            "5ms",
            "--tokens",
            "9",
            "--max-model-len",
            "77",
            "--api-key",
            "k",
            "--seed",
            "3",
            "--host",
            "0.0.0.0",
            "--sim",
            "cut=3",
            "--keep-alive",
            "0",
        ]);
        Assert.Equal(["a", "b/c"], options.Models);
        Assert.Equal(
            (0, 9, 77, "k", 3L),
            (options.Port, options.AnswerTokens, options.MaxModelLen, options.ApiKey, options.Seed)
        );
        Assert.Equal((TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(5)), (options.Ttft, options.Itl));
        Assert.Equal((IPAddress.Any, "cut=3", TimeSpan.Zero), (options.Host, options.Directives, options.KeepAlive));
    }

    [Fact]
    public void Nothing_said_is_vLLM_on_its_port_on_loopback()
    {
        var options = SimulatorArguments.Read([]);
        Assert.Equal((8000, "vllm", IPAddress.Loopback), (options.Port, options.Dialect, options.Host));
        Assert.Equal(["demo"], options.Models);
    }

    [Theory]
    [InlineData("--nope")]
    [InlineData("--port")]
    [InlineData("--port", "x")]
    [InlineData("--port", "70000")]
    [InlineData("--dialect", "cobol")]
    [InlineData("--ttft", "soon")]
    [InlineData("--sim", "cut=x")]
    [InlineData("extra")]
    public async Task Wrong_usage_exits_with_2(params string[] args) =>
        Assert.Equal(2, await SimulatorCommand.RunAsync(args, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Help_exits_with_0() =>
        Assert.Equal(0, await SimulatorCommand.RunAsync(["--help"], TestContext.Current.CancellationToken));

    [Fact]
    public void Help_shows_every_flag_apart_from_its_meaning() =>
        Assert.All(
            SimulatorArguments.Flags,
            f => Assert.Matches($@"\n  {Regex.Escape(f.Usage)} +{Regex.Escape(f.Meaning)}\n", SimulatorCommand.Help())
        );

    [Fact]
    public async Task A_taken_port_exits_with_1()
    {
        await using var first = SimulatorServer.Start(new SimulatorOptions());
        Assert.Equal(
            1,
            await SimulatorCommand.RunAsync(["--port", $"{first.Port}"], TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task It_runs_until_it_is_told_to_stop()
    {
        using var stop = new CancellationTokenSource();
        var running = SimulatorCommand.RunAsync(["--port", "0"], stop.Token);
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal(0, await running);
    }

    [Fact]
    public async Task Options_without_sense_are_refused_by_name()
    {
        Assert.Contains(
            "vllm",
            Assert
                .Throws<ArgumentException>(() => SimulatorServer.Start(new SimulatorOptions { Dialect = "cobol" }))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => SimulatorServer.Start(new SimulatorOptions { Models = [] }));
        Assert.Throws<ArgumentException>(() => SimulatorServer.Start(new SimulatorOptions { Directives = "nonsense" }));
        await using var server = SimulatorServer.Start(new SimulatorOptions());
        Assert.False(server.Completion.IsCompleted);
        Assert.Equal($"http://127.0.0.1:{server.Port}/", server.Url.ToString());
        await server.DisposeAsync();
        Assert.True(server.Completion.IsCompleted);
    }
}

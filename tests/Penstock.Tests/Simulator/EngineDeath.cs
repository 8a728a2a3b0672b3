using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Pacing;

namespace Penstock.Tests.Simulator;

/// <summary>The pretend process dies and comes back.</summary>
public sealed class EngineDeath
{
    [Fact]
    public async Task Every_stream_is_reset_and_every_slot_free()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { MaxRunning = 2 });
        var counters = simulator.Server.Counters;
        var connections = new List<RawConnection>();
        for (var i = 0; i < 3; i++)
        {
            connections.Add(await RawConnection.OpenAsync(simulator.Server.Port));
            await connections[i].SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=1m]]")));
        }

        await SimulatorClient.EventuallyAsync(() => counters is { Running: 2, Waiting: 1 });
        await PostAsync(simulator, "/sim/die", HttpStatusCode.OK);
        Assert.Equal((0, 0, 3, 0), (counters.Running, counters.Waiting, (int)counters.Faulted, (int)counters.Aborted));
        foreach (var connection in connections)
        {
            await Assert.ThrowsAsync<SocketException>(connection.ReadToEndAsync);
            connection.Dispose();
        }

        // It is back at once, as under a supervisor.
        await simulator.JsonAsync(SimulatorClient.Body());
        Assert.Equal(1, counters.Crashes);
    }

    [Fact]
    public async Task It_stays_down_until_it_is_revived()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { ControlPort = 0 });
        await PostAsync(simulator, "/sim/die?refuse", HttpStatusCode.OK);
        await RefusesAsync(simulator);

        using var control = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{simulator.Server.Options.ControlPort}"),
        };
        Assert.Contains(
            "\"crashes\":1",
            await control.GetStringAsync("/sim/counters", TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        using var revived = await control.PostAsync(
            "/sim/revive",
            content: null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.OK, revived.StatusCode);
        await simulator.JsonAsync(SimulatorClient.Body());
        using var nothing = await control.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
    }

    [Fact]
    public async Task It_comes_back_by_itself_when_told_how_long_to_stay_away()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Time = time, KeepAlive = TimeSpan.Zero }
        );
        await PostAsync(simulator, "/sim/die?refuse&for=10s", HttpStatusCode.OK);
        await RefusesAsync(simulator);
        time.Advance(TimeSpan.FromSeconds(9));
        await RefusesAsync(simulator);
        time.Advance(TimeSpan.FromSeconds(2));
        await simulator.JsonAsync(SimulatorClient.Body());
    }

    [Fact]
    public async Task It_may_die_and_return_again_and_again()
    {
        await using var simulator = new SimulatorClient();
        for (var i = 0; i < 20; i++)
        {
            await simulator.Server.DieAsync(staysDown: true);
            await RefusesAsync(simulator);
            simulator.Server.Revive();
            await simulator.JsonAsync(SimulatorClient.Body());
        }

        Assert.False(simulator.Server.Completion.IsCompleted);
        Assert.Equal(20, simulator.Server.Counters.Completed);
    }

    [Fact]
    public async Task An_engine_that_loads_refuses_until_it_is_ready_and_again_after_its_death()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            new SimulatorOptions
            {
                Startup = TimeSpan.FromSeconds(30),
                Time = time,
                KeepAlive = TimeSpan.Zero,
            }
        );
        for (var life = 0; life < 2; life++)
        {
            await RefusesAsync(simulator);
            time.Advance(TimeSpan.FromSeconds(31));
            await simulator.JsonAsync(SimulatorClient.Body());
            await simulator.Server.DieAsync();
        }
    }

    [Fact]
    public async Task A_death_while_it_loads_begins_the_loading_anew()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            new SimulatorOptions
            {
                Startup = TimeSpan.FromSeconds(30),
                Time = time,
                KeepAlive = TimeSpan.Zero,
            }
        );
        time.Advance(TimeSpan.FromSeconds(20));
        await simulator.Server.DieAsync();
        time.Advance(TimeSpan.FromSeconds(20));
        await RefusesAsync(simulator);
        time.Advance(TimeSpan.FromSeconds(11));
        await simulator.JsonAsync(SimulatorClient.Body());
    }

    [Fact]
    public async Task A_request_before_the_model_is_there_waits_for_it()
    {
        var time = new FakeTimeProvider();
        using var wheel = new TimerWheel(time);
        var engine = new EngineState(
            new SimulatorOptions { Startup = TimeSpan.FromSeconds(30), Time = time },
            new EngineHabits(),
            wheel
        );
        engine.Load();
        var slot = engine.TakeSlotAsync(engine.Enter(new EngineRequest(1)));
        Assert.False(slot.IsCompleted);
        Assert.Equal((0, 1), (engine.Counters.Running, engine.Counters.Waiting));
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.True(await slot);
        Assert.True(engine.IsReady);
    }

    [Theory]
    [InlineData("/sim/die?refuse")]
    [InlineData("/sim/die?for=10s")]
    [InlineData("/sim/die?refuse&for=ever")]
    public async Task What_nobody_could_undo_is_refused(string path)
    {
        await using var simulator = new SimulatorClient();
        await PostAsync(simulator, path, HttpStatusCode.BadRequest);
        await simulator.JsonAsync(SimulatorClient.Body());
    }

    private static async Task RefusesAsync(SimulatorClient simulator)
    {
        var refused = await Assert.ThrowsAsync<SocketException>(() => RawConnection.OpenAsync(simulator.Server.Port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    private static async Task PostAsync(SimulatorClient simulator, string path, HttpStatusCode expected)
    {
        using var response = await simulator.Http.PostAsync(path, content: null, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
    }
}

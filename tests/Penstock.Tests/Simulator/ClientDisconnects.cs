using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>A client that goes away takes its generation with it.</summary>
public sealed class ClientDisconnects
{
    private static readonly string[] Phases =
    [
        "\"stream\":true|ttft=1m",
        "\"stream\":true|itl=1m",
        "\"stream\":true|stall=3:1m",
        "\"stream\":true|late-head ttft=1m",
        "\"stream\":false|ttft=1m",
        "\"stream\":false|itl=1m",
        "\"stream\":false|silent",
        "\"stream\":true|slow-headers=1m",
        "\"stream\":false|stall=10:1m",
        // So much at once that the send itself waits for the client.
        "\"stream\":true,\"max_tokens\":100000,\"ignore_eos\":true|big-event=20000000",
    ];

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var phase in Phases)
            {
                data.Add(phase, true);
                data.Add(phase, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Leaving_aborts_the_generation_and_frees_its_slot(string phase, bool withReset)
    {
        var (more, directives) = (phase.Split('|')[0], phase.Split('|')[1]);
        await using var simulator = new SimulatorClient(new SimulatorOptions { MaxRunning = 1 });
        var counters = simulator.Server.Counters;
        var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(RawConnection.Request(SimulatorClient.Body($"[[sim {directives}]]", more)));
        await SimulatorClient.EventuallyAsync(() => counters.Running == 1);

        if (withReset)
        {
            connection.Reset();
        }
        else
        {
            connection.Dispose();
        }

        await SimulatorClient.EventuallyAsync(() => counters.Aborted == 1);
        Assert.Equal(0, counters.Running);
        Assert.Equal(0, counters.Completed);
        // The only slot serves the next request.
        await simulator.JsonAsync(SimulatorClient.Body());
        Assert.Equal(1, counters.Completed);
    }

    [Fact]
    public async Task Ending_only_the_sending_side_is_leaving_too()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=1m]]")));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 1);
        connection.CloseSending();
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Aborted == 1);
        Assert.Equal(1, simulator.Server.Counters.AbortedBeforeFirst);
        Assert.Equal("", await connection.ReadToEndAsync());
    }

    [Fact]
    public async Task A_request_that_waits_for_a_slot_leaves_the_queue()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { MaxRunning = 1 });
        var counters = simulator.Server.Counters;
        using var first = await RawConnection.OpenAsync(simulator.Server.Port);
        await first.SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=1m]]")));
        await SimulatorClient.EventuallyAsync(() => counters.Running == 1);
        var second = await RawConnection.OpenAsync(simulator.Server.Port);
        await second.SendAsync(RawConnection.Request(SimulatorClient.Body()));
        await SimulatorClient.EventuallyAsync(() => counters.Waiting == 1);

        second.Dispose();
        await SimulatorClient.EventuallyAsync(() => counters.Waiting == 0);
        Assert.Equal((1, 1), (counters.Running, (int)counters.Aborted));
    }

    [Fact]
    public async Task A_full_queue_answers_503()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { MaxRunning = 1, MaxQueued = 1 });
        using var first = await RawConnection.OpenAsync(simulator.Server.Port);
        await first.SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=1m]]")));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 1);
        using var second = await RawConnection.OpenAsync(simulator.Server.Port);
        await second.SendAsync(RawConnection.Request(SimulatorClient.Body()));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Waiting == 1);

        var (status, error) = await simulator.RefusalAsync(SimulatorClient.Body());
        Assert.Equal(503, status);
        Assert.Equal("Service Unavailable", error["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_engine_told_to_lag_keeps_the_slot_that_long()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            new SimulatorOptions
            {
                AbortLag = TimeSpan.FromSeconds(2),
                MaxRunning = 1,
                Time = time,
            }
        );
        var counters = simulator.Server.Counters;
        var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=1m]]")));
        await SimulatorClient.EventuallyAsync(() => counters.Running == 1);
        connection.Dispose();
        await SimulatorClient.EventuallyAsync(() => counters.OpenConnections == 0);
        Assert.Equal(0, counters.Aborted);
        time.Advance(TimeSpan.FromSeconds(3));
        await SimulatorClient.EventuallyAsync(() => counters.Aborted == 1);
        Assert.InRange(counters.LastAbortMicroseconds, 2_000_000, 3_000_000);
    }

    [Fact]
    public async Task Closing_after_the_answer_is_no_abort()
    {
        await using var simulator = new SimulatorClient();
        for (var i = 0; i < 50; i++)
        {
            using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
            await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("hello", "\"stream\":true")));
            await connection.ReadUntilAsync("[DONE]");
        }

        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.OpenConnections == 0);
        Assert.Equal((50, 0), ((int)simulator.Server.Counters.Completed, (int)simulator.Server.Counters.Aborted));
    }

    [Fact]
    public async Task Tokens_of_an_aborted_answer_stay_counted()
    {
        await using var simulator = new SimulatorClient();
        var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(
            RawConnection.Request(SimulatorClient.Body("[[sim stall=4:1m]]", "\"stream\":true"))
        );
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.GeneratedTokens == 3);
        connection.Dispose();
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Aborted == 1);
        Assert.Equal(3, simulator.Server.Counters.GeneratedTokens);
    }
}

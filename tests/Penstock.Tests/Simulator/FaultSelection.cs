using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>Which requests the server's own directives are for.</summary>
public sealed class FaultSelection
{
    [Theory]
    [InlineData("nth=3 status=503", "200 200 503 200 200 200")]
    [InlineData("every=3 status=503", "200 200 503 200 200 503")]
    [InlineData("first=2 status=503", "503 503 200 200 200 200")]
    [InlineData("p=0 status=503", "200 200 200 200 200 200")]
    [InlineData("p=1 status=503", "503 503 503 503 503 503")]
    [InlineData("nth=2 status=503 | nth=4 status=429", "200 503 200 429 200 200")]
    [InlineData("status=503 | nth=2 status=429", "503 429 503 503 503 503")]
    [InlineData("header=X-Nobody status=503", "200 200 200 200 200 200")]
    public async Task Rules_pick_by_number(string rules, string expected)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Directives = rules });
        Assert.Equal(expected, string.Join(' ', await StatusesAsync(simulator, 6)));
    }

    [Fact]
    public async Task Chance_is_a_share_of_the_requests_and_the_same_for_the_same_seed()
    {
        var runs = new List<string>();
        foreach (var seed in (long[])[1, 1, 2])
        {
            await using var simulator = new SimulatorClient(
                new SimulatorOptions { Directives = "p=0.3 status=503", Seed = seed }
            );
            runs.Add(string.Join(' ', await StatusesAsync(simulator, 200)));
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
        Assert.InRange(runs[0].Split("503").Length - 1, 30, 90);
    }

    [Fact]
    public async Task A_rule_may_hold_for_a_time_only()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            new SimulatorOptions
            {
                Directives = "after=10s for=60s status=503",
                Time = time,
                KeepAlive = TimeSpan.Zero,
            }
        );
        Assert.Equal([200], await StatusesAsync(simulator, 1));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal([503], await StatusesAsync(simulator, 1));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal([200], await StatusesAsync(simulator, 1));
        simulator.Server.Reset();
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal([503], await StatusesAsync(simulator, 1));
    }

    [Fact]
    public async Task A_rule_may_ask_for_a_header_and_its_value()
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Directives = "header=X-Tier:free status=429 | header=X-Break status=500" }
        );
        Assert.Equal([200], await StatusesAsync(simulator, 1));
        simulator.Http.DefaultRequestHeaders.Add("X-Tier", "pro");
        Assert.Equal([200], await StatusesAsync(simulator, 1));
        simulator.Http.DefaultRequestHeaders.Remove("X-Tier");
        simulator.Http.DefaultRequestHeaders.Add("X-Tier", "free");
        Assert.Equal([429], await StatusesAsync(simulator, 1));
        simulator.Http.DefaultRequestHeaders.Add("X-Break", "anything");
        Assert.Equal([500], await StatusesAsync(simulator, 1));
    }

    [Fact]
    public async Task A_rule_may_be_for_one_path_or_for_all()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Directives = "on=/health status=503" });
        Assert.Equal(503, await StatusAsync(simulator, "/health"));
        Assert.Equal(200, await StatusAsync(simulator, "/v1/models"));
        Assert.Equal([200], await StatusesAsync(simulator, 1));

        simulator.Server.SetFaults("on=all status=502 error-body=html");
        Assert.Equal(502, await StatusAsync(simulator, "/v1/models"));
        Assert.Equal([502], await StatusesAsync(simulator, 1));
        Assert.Equal(200, await StatusAsync(simulator, "/sim/counters"));
    }

    [Fact]
    public async Task A_path_may_fall_silent_until_its_client_goes()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Directives = "on=/health silent" });
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Requests == 1);
        connection.CloseSending();
        Assert.Equal("", await connection.ReadToEndAsync());
    }

    [Theory]
    [InlineData("on=all reset-head", "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("reset-head", null)]
    public async Task A_reset_may_come_before_the_head(string rules, string? request)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Directives = rules });
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(request ?? RawConnection.Request(SimulatorClient.Body()));
        await Assert.ThrowsAsync<SocketException>(connection.ReadToEndAsync);
    }

    [Fact]
    public async Task Faults_change_while_it_runs()
    {
        await using var simulator = new SimulatorClient();
        Assert.Equal([200], await StatusesAsync(simulator, 1));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(simulator, "/sim/faults", "nth=2 status=503"));
        Assert.Equal([200, 503, 200], await StatusesAsync(simulator, 3));
        Assert.Equal(
            """{"faults":"nth=2 status=503"}""",
            await simulator.Http.GetStringAsync("/sim/faults", TestContext.Current.CancellationToken)
        );

        // A mistake changes nothing.
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(simulator, "/sim/faults", "nth=x"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(simulator, "/sim/reset", ""));
        Assert.Equal([200, 503], await StatusesAsync(simulator, 2));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(simulator, "/sim/faults", ""));
        Assert.Equal([200, 200, 200], await StatusesAsync(simulator, 3));
    }

    [Fact]
    public async Task An_error_may_come_under_status_200_and_say_when_to_return_in_milliseconds()
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Directives = "status=503 as-200 retry-after-ms=250" }
        );
        using var response = await simulator.PostAsync(SimulatorClient.Body());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("250", Assert.Single(response.Headers.GetValues("retry-after-ms")));
        Assert.Contains(
            "\"code\":503",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("p=2")]
    [InlineData("p=often")]
    [InlineData("nth=0")]
    [InlineData("for=ever")]
    [InlineData("header=:x")]
    [InlineData("on=health")]
    [InlineData("status=503 | nonsense")]
    public void A_rule_with_a_mistake_is_refused(string rules) =>
        Assert.Throws<ArgumentException>(() => SimulatorServer.Start(new SimulatorOptions { Directives = rules }));

    private static async Task<List<int>> StatusesAsync(SimulatorClient simulator, int count)
    {
        var statuses = new List<int>();
        for (var i = 0; i < count; i++)
        {
            using var response = await simulator.PostAsync(SimulatorClient.Body());
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }

    private static async Task<int> StatusAsync(SimulatorClient simulator, string path)
    {
        using var response = await simulator.Http.GetAsync(path, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    private static async Task<HttpStatusCode> PostAsync(SimulatorClient simulator, string path, string body)
    {
        using var content = new StringContent(body);
        using var response = await simulator.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}

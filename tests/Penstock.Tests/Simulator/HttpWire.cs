using System.Text;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>The HTTP server below the engine: connections, framing, and what it will not take.</summary>
public sealed class HttpWire
{
    [Fact]
    public async Task A_connection_serves_one_request_after_the_other()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        for (var i = 0; i < 5; i++)
        {
            await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("hello", "\"stream\":true")));
            await connection.ReadUntilAsync("[DONE]\n\n\r\n0\r\n\r\n");
            connection.Forget();
            await connection.SendAsync("GET /version HTTP/1.1\r\nHost: x\r\n\r\n");
            await connection.ReadUntilAsync("{\"version\":\"");
            connection.Forget();
        }

        Assert.Equal(1, simulator.Server.Counters.Connections);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        var chats = Enumerable
            .Range(0, 20)
            .Select(i => RawConnection.Request(SimulatorClient.Body("[[sim ttft=2ms]]"), $"X-Request-Id: p{i}x\r\n"));
        await connection.SendAsync(
            string.Concat(chats) + "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        );
        var answers = await connection.ReadToEndAsync();
        var places = Enumerable
            .Range(0, 20)
            .Select(i => answers.IndexOf($"chatcmpl-p{i}x", StringComparison.Ordinal))
            .ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.EndsWith("}", answers, StringComparison.Ordinal);
        Assert.Equal(0, simulator.Server.Counters.Aborted);
    }

    [Fact]
    public async Task A_request_may_come_a_byte_at_a_time()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        foreach (var b in Encoding.UTF8.GetBytes(RawConnection.Request(SimulatorClient.Body())))
        {
            await connection.SendAsync(new[] { b });
        }

        await connection.ReadUntilAsync("\"finish_reason\":\"stop\"");
    }

    [Fact]
    public async Task A_chunked_body_is_put_together()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        var body = SimulatorClient.Body();
        await connection.SendAsync(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        foreach (var part in body.Chunk(7).Select(c => new string(c)))
        {
            await connection.SendAsync($"{part.Length:X}; extension=1\r\n{part}\r\n");
        }

        await connection.SendAsync("0\r\nTrailer: yes\r\n\r\n");
        await connection.ReadUntilAsync("\"finish_reason\":\"stop\"");
        Assert.Equal(body, Encoding.UTF8.GetString(Assert.Single(simulator.Server.Requests).Body.Span));
    }

    [Fact]
    public async Task A_client_that_asks_may_continue()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        var body = SimulatorClient.Body();
        await connection.SendAsync(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {body.Length}\r\n\r\n"
        );
        await connection.ReadUntilAsync("HTTP/1.1 100 Continue\r\n\r\n");
        await connection.SendAsync(body);
        await connection.ReadUntilAsync("\"finish_reason\":\"stop\"");
    }

    [Fact]
    public async Task HTTP_1_0_gets_a_stream_that_ends_with_the_connection()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        var request = RawConnection
            .Request(SimulatorClient.Body("hello", "\"stream\":true"))
            .Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal);
        await connection.SendAsync(request);
        var answer = await connection.ReadToEndAsync();
        Assert.DoesNotContain("chunked", answer, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("GET /health HTTP/2.0\r\n\r\n")]
    [InlineData("GET  HTTP/1.1\r\n\r\n")]
    [InlineData("G=T /health HTTP/1.1\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nno colon\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nName : value\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\n folded: value\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nA: b\nC: d\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nA: b\0\r\n\r\n")]
    [InlineData("POST /x HTTP/1.1\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx")]
    [InlineData("POST /x HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /x HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n")]
    [InlineData("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n")]
    public async Task Bytes_that_are_no_request_get_400_and_the_end(string bytes)
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(bytes);
        var answer = await connection.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("Invalid HTTP request received.", answer, StringComparison.Ordinal);
        Assert.Equal(1, simulator.Server.Counters.BadRequests);
    }

    [Fact]
    public async Task A_head_without_end_gets_431()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync("GET /health HTTP/1.1\r\nX: " + new string('x', 70_000));
        Assert.StartsWith("HTTP/1.1 431 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 99999999\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5ffffff\r\n")]
    public async Task A_body_beyond_the_bound_gets_413_unread(string rest)
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n{rest}");
        Assert.StartsWith("HTTP/1.1 413 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_bodies_within_the_bound_are_read()
    {
        await using var simulator = new SimulatorClient();
        var body = SimulatorClient.Body(new string('w', 3_000_000), "\"max_tokens\":1");
        var (status, error) = await simulator.RefusalAsync(body);
        Assert.Equal((400, "input_tokens"), (status, error["param"]!.GetValue<string>()));
        Assert.Equal(body.Length, Assert.Single(simulator.Server.Requests).Body.Length);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_in_time_and_a_busy_one_is_not()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var simulator = new SimulatorClient(new SimulatorOptions { Time = time });
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=8s]]")));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 1);
        time.Advance(TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(2));
        await connection.ReadUntilAsync("\"finish_reason\":\"stop\"");
        var end = connection.ReadToEndAsync();
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await end;
        Assert.Equal(1, simulator.Server.Counters.Completed);
    }

    [Fact]
    public async Task What_an_engine_received_is_shown_byte_for_byte()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        const string Body =
            "{ \"messages\" : [ {\"role\":\"user\",\"content\":\"\\u00e9 é 🙂\"} ] , \"unknown\":1e400 }";
        await connection.SendAsync(RawConnection.Request(Body, "x-LOWER: One\r\nX-Upper:  two \r\n"));
        await connection.ReadUntilAsync("\"finish_reason\":\"stop\"");
        using var answer = System.Text.Json.JsonDocument.Parse(
            await simulator.Http.GetStringAsync("/sim/requests?last=1", TestContext.Current.CancellationToken)
        );
        var request = Assert.Single(answer.RootElement.GetProperty("requests").EnumerateArray());
        Assert.Equal("POST /v1/chat/completions HTTP/1.1", request.GetProperty("request_line").GetString());
        Assert.Equal(Body, Encoding.UTF8.GetString(request.GetProperty("body_base64").GetBytesFromBase64()));
        Assert.Equal(
            ["Host", "Content-Type", "Content-Length", "x-LOWER", "X-Upper"],
            request.GetProperty("headers").EnumerateArray().Select(h => h[0].GetString())
        );
        Assert.Equal("two", request.GetProperty("headers")[4][1].GetString());
    }

    [Fact]
    public async Task Only_so_many_requests_are_remembered()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { RememberedRequests = 3 });
        for (var i = 0; i < 5; i++)
        {
            await simulator.JsonAsync(SimulatorClient.Body($"m{i}"));
        }

        Assert.Equal([3, 4, 5], simulator.Server.Requests.Select(r => r.Number));
        using var reset = await simulator.Http.PostAsync(
            "/sim/reset",
            content: null,
            TestContext.Current.CancellationToken
        );
        Assert.Empty(simulator.Server.Requests);
        Assert.Equal(0, simulator.Server.Counters.Requests);
    }
}

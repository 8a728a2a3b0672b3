using System.Text;
using Microsoft.Extensions.Time.Testing;
using Penstock.Engines;
using Penstock.Envelopes;
using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Transport;

namespace Penstock.Tests.Forwarding;

public sealed class UpstreamCallTests : IDisposable
{
    private const string Json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private readonly FakeTimeProvider _time = new();
    private readonly FakeEngine _engine = new();
    private readonly Heartbeat _heartbeat;
    private readonly CallFactory _calls;
    private readonly Replica _replica;

    public UpstreamCallTests()
    {
        _heartbeat = new Heartbeat(_time);
        var pools = new UpstreamPools(new ForwardingOptions(), new Wires(loops: null), _heartbeat, _time);
        _calls = new CallFactory(pools, _heartbeat, _time);
        _replica = new Replica(new ReplicaAddress(_engine.Url, "sk-engine", 1), EngineCatalog.Find("vllm"));
    }

    public void Dispose()
    {
        _heartbeat.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public async Task The_engine_gets_the_body_and_an_allow_list_of_headers()
    {
        using var call = _calls.Create();
        var sent = SendAsync(call, """{"model":"m"}""");
        using var connection = await _engine.AcceptAsync();
        var request = await connection.ReadRequestAsync();
        Assert.True(await sent);
        Assert.Equal(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {_engine.Url.Authority}\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer sk-engine\r\nAccept: application/json\r\nX-Request-Id: id-1\r\n"
                + "traceparent: 00-1-2-01\r\nContent-Length: 13\r\n\r\n{\"model\":\"m\"}",
            request
        );
    }

    [Fact]
    public async Task A_large_body_arrives_whole()
    {
        using var call = _calls.Create();
        var body = $$"""{"model":"{{new string('m', 300_000)}}"}""";
        var sent = SendAsync(call, body);
        using var connection = await _engine.AcceptAsync();
        Assert.EndsWith(body, await connection.ReadRequestAsync(), StringComparison.Ordinal);
        Assert.True(await sent);
    }

    [Fact]
    public async Task A_whole_answer_leaves_the_connection_for_the_next_call()
    {
        using var connection = await AnswerOnceAsync();
        using var second = _calls.Create();
        var sent = SendAsync(second);
        await connection.ReadRequestAsync();
        await connection.SendAsync(Json);
        Assert.True(await sent);
        Assert.Equal(ReadStep.Data, await second.ReadHeadAsync());
    }

    [Fact]
    public async Task An_idle_connection_that_the_engine_closed_costs_one_silent_retry()
    {
        (await AnswerOnceAsync()).Dispose();
        using var second = _calls.Create();
        var read = SendAndReadHeadAsync();
        using var fresh = await _engine.AcceptAsync();
        await fresh.ReadRequestAsync();
        await fresh.SendAsync(Json);
        Assert.Equal(ReadStep.Data, await read);
        Assert.Equal(200, second.Head.Status);

        async Task<ReadStep> SendAndReadHeadAsync()
        {
            Assert.True(await SendAsync(second));
            return await second.ReadHeadAsync();
        }
    }

    [Fact]
    public async Task An_idle_connection_is_closed_before_the_engine_would()
    {
        using var connection = await AnswerOnceAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await connection.SeesCloseAsync());
    }

    [Fact]
    public async Task Nobody_there_is_a_connect_failure()
    {
        _engine.Dispose();
        using var call = _calls.Create();
        Assert.False(await SendAsync(call));
        Assert.Equal(UpstreamFailure.Connect, call.Failure);
    }

    [Theory]
    [InlineData("", nameof(UpstreamFailure.Closed))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", nameof(UpstreamFailure.Closed))]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", nameof(UpstreamFailure.Protocol))]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", nameof(UpstreamFailure.Protocol))]
    public async Task A_connection_that_ends_before_a_head_is_told_apart_from_nonsense(string bytes, string failure)
    {
        using var call = _calls.Create();
        var sent = SendAsync(call);
        using (var connection = await _engine.AcceptAsync())
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(bytes);
        }
        Assert.True(await sent);
        Assert.Equal(ReadStep.Failed, await call.ReadHeadAsync());
        Assert.Equal(failure, call.Failure.ToString());
    }

    [Fact]
    public async Task A_head_larger_than_the_bound_is_nonsense()
    {
        using var call = _calls.Create();
        var sent = SendAsync(call);
        using var connection = await _engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync("HTTP/1.1 200 OK\r\nX: " + new string('x', 100_000));
        Assert.True(await sent);
        Assert.Equal(ReadStep.Failed, await call.ReadHeadAsync());
        Assert.Equal(UpstreamFailure.Protocol, call.Failure);
    }

    [Fact]
    public async Task Informational_heads_are_passed_over()
    {
        using var call = _calls.Create();
        var sent = SendAsync(call);
        using var connection = await _engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + Json);
        Assert.True(await sent);
        Assert.Equal(ReadStep.Data, await call.ReadHeadAsync());
        Assert.Equal(200, call.Head.Status);
    }

    [Fact]
    public async Task A_body_that_ends_early_is_a_failure_and_one_without_a_length_ends_with_the_connection()
    {
        var (step, failure) = await ReadBodyAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        Assert.Equal((ReadStep.Failed, UpstreamFailure.Closed), (step, failure));
        (step, failure) = await ReadBodyAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        Assert.Equal((ReadStep.Failed, UpstreamFailure.Closed), (step, failure));
        (step, failure) = await ReadBodyAsync("HTTP/1.1 200 OK\r\n\r\nabc");
        Assert.Equal((ReadStep.End, UpstreamFailure.None), (step, failure));
    }

    [Fact]
    public async Task Silence_before_the_head_ends_the_call_and_the_engine_sees_it_go()
    {
        using var call = _calls.Create();
        var sent = SendAsync(call);
        using var connection = await _engine.AcceptAsync();
        await connection.ReadRequestAsync();
        Assert.True(await sent);
        var head = call.ReadHeadAsync();
        _time.Advance(TimeSpan.FromSeconds(121));
        Assert.Equal(ReadStep.Failed, await head);
        Assert.Equal(UpstreamFailure.FirstByteTimeout, call.Failure);
        Assert.True(await connection.SeesCloseAsync());
    }

    [Fact]
    public async Task Silence_within_a_body_is_an_idle_timeout()
    {
        using var call = _calls.Create();
        var sent = SendAsync(call);
        using var connection = await _engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        Assert.True(await sent);
        Assert.Equal(ReadStep.Data, await call.ReadHeadAsync());
        while (await ReadOnceAsync(call) is { Length: 0 }) { }
        var read = call.ReadAsync();
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(ReadStep.Failed, await read);
        Assert.Equal(UpstreamFailure.IdleTimeout, call.Failure);
    }

    [Fact]
    public async Task A_reader_can_be_woken_without_losing_its_read()
    {
        using var call = _calls.Create();
        var sent = SendAsync(call);
        using var connection = await _engine.AcceptAsync();
        await connection.ReadRequestAsync();
        Assert.True(await sent);
        call.WakeAt = _time.GetTimestamp() + _time.TimestampFrequency;
        var head = call.ReadHeadAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ReadStep.Woken, await head);
        call.WakeAt = long.MaxValue;
        await connection.SendAsync(Json);
        Assert.Equal(ReadStep.Data, await call.ReadHeadAsync());
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_call_whatever_it_waits_for()
    {
        using var call = _calls.Create();
        var sent = SendAsync(call);
        using var connection = await _engine.AcceptAsync();
        await connection.ReadRequestAsync();
        Assert.True(await sent);
        var head = call.ReadHeadAsync();
        call.Abort(UpstreamFailure.ClientGone);
        Assert.Equal(ReadStep.Failed, await head);
        Assert.Equal(UpstreamFailure.ClientGone, call.Failure);
        Assert.True(await connection.SeesCloseAsync());
    }

    private async Task<FakeEngine.Connection> AnswerOnceAsync()
    {
        using var call = _calls.Create();
        var sent = SendAsync(call);
        var connection = await _engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(Json);
        Assert.True(await sent);
        Assert.Equal(ReadStep.Data, await call.ReadHeadAsync());
        Assert.Equal(ReadStep.Data, await call.ReadAsync());
        Assert.Equal(ReadStep.End, await call.ReadAsync());
        return connection;
    }

    private async Task<(ReadStep Step, UpstreamFailure Failure)> ReadBodyAsync(string answer)
    {
        using var call = _calls.Create();
        var sent = SendAsync(call);
        using (var connection = await _engine.AcceptAsync())
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(answer);
        }
        Assert.True(await sent);
        Assert.Equal(ReadStep.Data, await call.ReadHeadAsync());
        ReadStep step;
        do
        {
            step = await call.ReadAsync();
        } while (step == ReadStep.Data);
        return (step, call.Failure);
    }

    private static async Task<byte[]> ReadOnceAsync(UpstreamCall call) =>
        await call.ReadAsync() == ReadStep.Data ? call.Payload.ToArray() : [];

    private ValueTask<bool> SendAsync(UpstreamCall call, string body = "{}") =>
        call.SendAsync(
            _replica,
            new UpstreamRequest
            {
                RequestId = "id-1",
                TraceParent = "00-1-2-01",
                TraceState = null,
                Stream = false,
                Body = new SplicedBody(Encoding.UTF8.GetBytes(body)),
            },
            new DeploymentTimeouts(),
            long.MaxValue
        );
}

using System.Text;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Hostile;

/// <summary>Broken and ambiguous HTTP: refused, so that no two readers of one connection can disagree.</summary>
public sealed class HostileHttpTests : IClassFixture<HostileGateway>, IAsyncLifetime
{
    private readonly HostileGateway _fixture;

    public HostileHttpTests(HostileGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _fixture.AssertServesAsync();

    [Fact]
    public async Task A_header_of_a_megabyte_is_refused()
    {
        using var raw = _fixture.Gateway.Raw();
        var heard = raw.HearAllAsync();

        await raw.SendAsync(HostileGateway.Whole("{}", $"X-Big: {new string('x', 1024 * 1024)}\r\n"));

        AssertRefused(await heard, 400, 431);
    }

    [Fact]
    public async Task Ten_thousand_headers_are_refused()
    {
        using var raw = _fixture.Gateway.Raw();
        var heard = raw.HearAllAsync();
        var headers = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-{i}: {i}\r\n"));

        await raw.SendAsync(HostileGateway.Whole("{}", headers));

        AssertRefused(await heard, 400, 431);
    }

    [Fact]
    public async Task A_path_of_a_megabyte_is_refused()
    {
        using var raw = _fixture.Gateway.Raw();
        var heard = raw.HearAllAsync();

        await raw.SendAsync($"GET /v1/models/{new string('x', 1024 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n");

        AssertRefused(await heard, 400, 414, 431);
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("-1\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}XX0\r\n\r\n")]
    [InlineData("2\n{}\n0\n\n")]
    [InlineData("ffffffffffffffffffff\r\n{}\r\n")]
    [InlineData("0x2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2 ,\r\n{}\r\n0\r\n\r\n")]
    [InlineData("\r\n")]
    public async Task Broken_chunks_are_refused(string chunks)
    {
        using var raw = _fixture.Gateway.Raw();

        await raw.SendAsync(HostileGateway.Head("Transfer-Encoding: chunked\r\n") + chunks);

        AssertRefused(await raw.HearHeadAsync(), 400);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n")]
    [InlineData("Content-Length: 5, 6\r\n")]
    [InlineData("Content-Length: +5\r\n")]
    [InlineData("Content-Length: -5\r\n")]
    [InlineData("Content-Length: 0x5\r\n")]
    [InlineData("Content-Length: 5 5\r\n")]
    [InlineData("Content-Length:\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n")]
    [InlineData("Transfer-Encoding: gzip, chunked\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")]
    [InlineData("Transfer-Encoding:\u000bchunked\r\n")]
    public async Task A_length_that_can_be_read_in_two_ways_is_refused(string headers)
    {
        using var raw = _fixture.Gateway.Raw();
        var body = ChatBody.Minimal();

        await raw.SendAsync(
            HostileGateway.Head(headers) + $"{Encoding.UTF8.GetByteCount(body):x}\r\n{body}\r\n0\r\n\r\n"
        );

        AssertRefused(await raw.HearHeadAsync(), 400, 415, 501);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("X-Client-Request-Id: a\nX-Injected: b\r\n")]
    [InlineData("X-Client-Request-Id: a\rX-Injected: b\r\n")]
    [InlineData("X-Client-Request-Id: a\0b\r\n")]
    [InlineData("X-Client-Request-Id : a\r\n")]
    [InlineData(" X-Folded: a\r\n")]
    [InlineData("No colon\r\n")]
    [InlineData(": no name\r\n")]
    [InlineData("X-Nam\u00e9: a\r\n")]
    public async Task A_header_that_smuggles_another_does_not_get_through(string header)
    {
        using var raw = _fixture.Gateway.Raw();

        await raw.SendAsync(HostileGateway.Whole(ChatBody.Minimal(), header + "Connection: close\r\n"));

        var heard = await raw.HearAllAsync();
        AssertRefused(heard, 200, 400);
        Assert.DoesNotContain("injected", heard, StringComparison.OrdinalIgnoreCase);
        Assert.All(
            _fixture.Engine.Requests,
            request => Assert.DoesNotContain("injected", request.Head, StringComparison.OrdinalIgnoreCase)
        );
    }

    [Theory]
    [InlineData("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\u00ff\r\n")]
    [InlineData("tracestate: a=\u0001\r\n")]
    [InlineData("traceparent: nonsense\r\n")]
    public async Task A_trace_of_nonsense_makes_no_broken_head_upstream(string header)
    {
        using var raw = _fixture.Gateway.Raw();

        await raw.SendAsync(HostileGateway.Whole(ChatBody.Minimal(), header + "Connection: close\r\n"));

        AssertRefused(await raw.HearAllAsync(), 200, 400);
        Assert.All(
            _fixture.Engine.Requests,
            request => Assert.All(request.Head, c => Assert.True(c is >= ' ' and <= '~' or '\r' or '\n'))
        );
    }

    [Fact]
    public async Task A_deployment_name_cannot_break_a_header()
    {
        var answer = await _fixture.Gateway.As("acme").ChatAsync(ChatBody.Minimal("m\\r\\nX-Injected: b"));

        answer.Expect(404);
        Assert.DoesNotContain("injected", answer.Headers.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("GET\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("POST /v1/chat/completions HTTP/9.9\r\nHost: x\r\n\r\n")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("P\u00f6ST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/models/\0 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET http://evil.example/v1/models HTTP/1.1\r\n\r\n")]
    public async Task What_is_no_HTTP_request_gets_no_answer_of_ours(string text)
    {
        using var raw = _fixture.Gateway.Raw();

        await raw.SendAsync(text);

        AssertRefused(await raw.HearHeadAsync(), 400, 401, 404, 505);
    }

    [Fact]
    public async Task Two_requests_in_one_write_get_two_answers_in_order()
    {
        using var raw = _fixture.Gateway.Raw();

        await raw.SendAsync(
            HostileGateway.Whole(ChatBody.Minimal(), "X-Client-Request-Id: first\r\n")
                + HostileGateway.Whole(ChatBody.Stream(), "X-Client-Request-Id: second\r\n")
                + HostileGateway.Whole("{}", "X-Client-Request-Id: third\r\nConnection: close\r\n")
        );

        var heard = await raw.HearAllAsync();
        var (first, second, third) = (At(heard, "first"), At(heard, "second"), At(heard, "third"));
        Assert.True(first >= 0 && first < second && second < third, heard);
        Assert.Equal(2, _fixture.Engine.Requests.Count);
    }

    [Fact]
    public async Task An_expectation_is_met_and_the_body_taken()
    {
        using var raw = _fixture.Gateway.Raw();
        var body = ChatBody.Minimal();

        await raw.SendAsync(
            HostileGateway.Head($"Expect: 100-continue\r\nContent-Length: {body.Length}\r\nConnection: close\r\n")
        );
        Assert.True(await raw.HearAsync(text => text.Contains("100 Continue", StringComparison.Ordinal)), raw.Heard);
        await raw.SendAsync(body);

        Assert.Contains("HTTP/1.1 200", await raw.HearAllAsync(), StringComparison.Ordinal);
    }

    private static int At(string heard, string id) =>
        heard.IndexOf($"X-Client-Request-Id: {id}", StringComparison.OrdinalIgnoreCase);

    private static void AssertRefused(string heard, params int[] statuses)
    {
        // Who speaks HTTP/2 unasked is told in its own frames to use HTTP/1.1.
        if (heard.Length > 0 && heard[0] != '\0')
        {
            Assert.Contains(heard[..12], statuses.Select(status => $"HTTP/1.1 {status}"));
        }
    }
}

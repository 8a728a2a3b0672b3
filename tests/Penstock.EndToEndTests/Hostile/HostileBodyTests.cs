using System.Text;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Hostile;

/// <summary>Bodies that are cut, too large, too slow or too deep: a clear error or a closed connection, soon.</summary>
public sealed class HostileBodyTests : IClassFixture<HostileGateway>, IAsyncLifetime
{
    private const int Megabyte = 1024 * 1024;

    private readonly HostileGateway _fixture;

    public HostileBodyTests(HostileGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _fixture.AssertServesAsync();

    [Fact]
    public async Task A_truncated_body_is_not_forwarded()
    {
        using var raw = _fixture.Gateway.Raw();

        await raw.SendAsync(HostileGateway.Head("Content-Length: 1000\r\n") + ChatBody.Minimal());
        raw.FinishSending();

        AssertRefusedOrClosed(await raw.HearAllAsync(), 400, 408);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Fact]
    public async Task A_declared_size_beyond_the_limit_is_refused_before_it_is_sent()
    {
        using var raw = _fixture.Gateway.Raw();

        await raw.SendAsync(HostileGateway.Head($"Content-Length: {33 * Megabyte}\r\n"));

        Assert.True(
            await raw.HearAsync(text => text.Contains("request_too_large", StringComparison.Ordinal)),
            raw.Heard
        );
        Assert.StartsWith("HTTP/1.1 413", raw.Heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999999999")]
    public async Task An_absurd_size_is_refused(string length)
    {
        using var raw = _fixture.Gateway.Raw();

        await raw.SendAsync(HostileGateway.Head($"Content-Length: {length}\r\n"));

        Assert.True(await raw.HearAsync(text => text.Contains("\r\n\r\n", StringComparison.Ordinal)), raw.Heard);
        AssertRefusedOrClosed(raw.Heard, 400, 413);
    }

    [Fact]
    public async Task A_chunked_body_beyond_the_limit_is_refused_on_the_way()
    {
        using var raw = _fixture.Gateway.Raw();
        await raw.SendAsync(HostileGateway.Head("Transfer-Encoding: chunked\r\n") + "c\r\n{\"model\":\"m\"\r\n");
        var heard = raw.HearAllAsync();
        var chunk = Encoding.ASCII.GetBytes($"{Megabyte:x}\r\n{new string(' ', Megabyte)}\r\n");

        var sent = 0;
        while (sent < 256 && raw.Heard.Length == 0 && await raw.SendAsync(chunk))
        {
            sent++;
        }

        Assert.True(sent < 256, "256 MiB were taken without a word.");
        raw.FinishSending();
        AssertRefusedOrClosed(await heard, 413);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("Content-Length: 1000\r\n", "{")]
    [InlineData("Transfer-Encoding: chunked\r\n", "1\r\n{\r\n")]
    public async Task A_body_of_one_byte_a_second_is_not_waited_for(string length, string start)
    {
        using var raw = _fixture.Gateway.Raw();
        await raw.SendAsync(HostileGateway.Head(length) + start);
        var heard = raw.HearAllAsync();
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);

        var seconds = 0;
        while (!heard.IsCompleted && seconds++ < 25)
        {
            await raw.SendAsync(length.StartsWith('C') ? " " : "1\r\n \r\n");
            await second.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(heard.IsCompleted, "Still waiting after 25 s.");
        AssertRefusedOrClosed(await heard, 408);
        if ((await heard).Length > 0)
        {
            Assert.Contains("request_timeout", await heard, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string> Deep
    {
        get
        {
            const int depth = 100_000;
            var arrays = new string('[', depth) + new string(']', depth);
            var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
            const string start = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"x\":";
            return
            [
                start + arrays + "}",
                start + objects + "}",
                start + new string('[', depth),
                arrays,
                objects,
                "{\"model\":\"m\",\"messages\":" + arrays + "}",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":" + objects + "}]}",
                "{\"model\":\"m\",\"tools\":[{\"type\":" + objects + "}]}",
                "{\"model\":" + arrays + "}",
                "{\"response_format\":" + objects + "}",
            ];
        }
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Deep))]
    public async Task A_hundred_thousand_levels_of_nesting_are_refused(string body)
    {
        var answer = (await _fixture.Gateway.As("acme").ChatAsync(body)).Expect(400);

        Assert.Equal("invalid_request_error", ErrorEnvelope.Of(answer).Type);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Fact]
    public async Task A_million_members_are_no_trouble()
    {
        var members = string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"x{i}\":{i}"));

        var answer = await _fixture.Gateway.As("acme").ChatAsync(ChatBody.Minimal(more: "," + members));

        Assert.True(answer.Status is 200 or 400, answer.ToString());
    }

    [Fact]
    public async Task Many_bodies_that_never_come_hold_no_memory()
    {
        var idle = new List<RawClient>();
        for (var i = 0; i < 200; i++)
        {
            var raw = _fixture.Gateway.Raw();
            await raw.SendAsync(HostileGateway.Head($"Content-Length: {30 * Megabyte}\r\n") + "{");
            idle.Add(raw);
        }

        await _fixture.AssertServesAsync();
        idle.ForEach(raw => raw.Dispose());
    }

    private static void AssertRefusedOrClosed(string heard, params int[] statuses)
    {
        Assert.DoesNotContain("HTTP/1.1 500", heard, StringComparison.Ordinal);
        if (heard.Length > 0)
        {
            Assert.Contains(heard[..12], statuses.Select(status => $"HTTP/1.1 {status}"));
        }
    }
}

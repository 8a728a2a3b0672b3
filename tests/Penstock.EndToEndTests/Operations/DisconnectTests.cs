using System.Text;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>A caller who hangs up ends the engine's work: streaming or not, before the first byte or after.</summary>
public sealed class DisconnectTests : IClassFixture<SimulatedGateway>
{
    private readonly SimulatedGateway _fixture;

    public DisconnectTests(SimulatedGateway fixture) => _fixture = fixture;

    [Fact]
    public async Task Hanging_up_in_mid_stream_aborts_the_generation()
    {
        var aborted = await _fixture.Simulator.CountAsync("aborted");
        var endless = ChatBody.Saying("[[sim tokens=100000 itl=5ms]]", SimulatedGateway.Model, stream: true);

        using (
            var stream = await _fixture.Client.OpenAsync(
                endless.Replace("}],", "}],\"max_tokens\":100000,", StringComparison.Ordinal)
            )
        )
        {
            Assert.True(await stream.ReadUntilAsync(text => SseEvent.Parse(text).Count > 3), stream.Text);
        }

        await _fixture.Simulator.ReachesAsync("aborted", aborted + 1);
        Assert.Equal(0, await _fixture.Simulator.CountAsync("running"));
    }

    [Theory]
    [InlineData("[[sim ttft=300s]]", true)]
    [InlineData("[[sim ttft=300s late-head]]", true)]
    [InlineData("[[sim ttft=300s]]", false)]
    [InlineData("[[sim tokens=500 itl=1s]]", false)]
    public async Task Hanging_up_before_the_first_byte_aborts_the_generation(string directive, bool stream)
    {
        var aborted = await _fixture.Simulator.CountAsync("aborted");

        using (var raw = _fixture.Gateway.Raw())
        {
            var body = ChatBody.Saying(directive, SimulatedGateway.Model, stream);
            await raw.SendAsync(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Declaration.Secret("acme")}\r\n"
                    + $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"
            );
            await _fixture.Simulator.ReachesAsync("running", 1);
        }

        await _fixture.Simulator.ReachesAsync("aborted", aborted + 1);
        Assert.Equal(0, await _fixture.Simulator.CountAsync("running"));
    }

    [Fact]
    public async Task A_hundred_who_hang_up_leave_nothing_behind()
    {
        var aborted = await _fixture.Simulator.CountAsync("aborted");
        var body = ChatBody.Saying("[[sim tokens=500 itl=1s]]", SimulatedGateway.Model, stream: true);

        await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(async _ =>
                {
                    using var stream = await _fixture.Client.OpenAsync(body);
                    Assert.True(await stream.ReadUntilAsync(text => text.Length > 0));
                })
        );

        await _fixture.Simulator.ReachesAsync("aborted", aborted + 100);
        Assert.Equal(0, await _fixture.Simulator.CountAsync("running"));
        (await _fixture.Client.ChatAsync(ChatBody.Saying("Hi", SimulatedGateway.Model))).Expect(200);
    }
}

using System.Text;
using FsCheck;
using FsCheck.Xunit;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>The engine receives exactly the caller's bytes but for the one spliced value.</summary>
public sealed class RequestFidelityTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public RequestFidelityTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    [Fact]
    public async Task The_whole_corpus_reaches_the_engine_byte_for_byte()
    {
        var bodies = RequestCorpus.Bodies().ToList();
        Assert.True(bodies.Count >= 200, $"Only {bodies.Count} bodies.");

        foreach (var body in bodies)
        {
            await AssertForwarded(body);
        }
    }

    [Fact]
    public async Task Bytes_that_arrive_one_by_one_make_no_difference()
    {
        var body = Encoding.UTF8.GetBytes(ChatBody.Explicit(more: ",\"x\":\"\\ud83d\\ude00 é 😀\""));
        using var raw = _fixture.Gateway.Raw();
        await raw.SendAsync(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Declaration.Secret("acme")}\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"
        );

        foreach (var single in body)
        {
            await raw.SendAsync(new[] { single });
        }

        Assert.StartsWith("HTTP/1.1 200", await raw.HearAllAsync(), StringComparison.Ordinal);
        AssertReceived(body);
    }

    [Property(MaxTest = 200)]
    public async Task Any_JSON_reaches_the_engine_byte_for_byte(int seed, PositiveInt size)
    {
        var members = new RandomJson(new Chance(seed), 1 + size.Get % 20).Members();

        await AssertForwarded(Encoding.UTF8.GetBytes(ChatBody.Explicit(more: "," + members)));
    }

    private async Task AssertForwarded(byte[] body)
    {
        _fixture.Engine.Reset();
        var answer = await _fixture.Client.ChatAsync(body);
        Assert.True(
            answer.Status == 200,
            $"Refused: {Encoding.UTF8.GetString(body.AsSpan()[..Math.Min(2000, body.Length)])}\n{answer}"
        );
        AssertReceived(body);
    }

    private void AssertReceived(byte[] body) =>
        Splices.AssertSame(
            Splices.WithUpstreamModel(body, RecordedGateway.Model, RecordedGateway.UpstreamModel),
            Assert.Single(_fixture.Engine.Requests).Body
        );
}

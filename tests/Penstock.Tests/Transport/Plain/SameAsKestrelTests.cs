using Microsoft.AspNetCore.Http;
using Penstock.Primitives;

namespace Penstock.Tests.Transport.Plain;

/// <summary>
/// No bytes are read in another way than Kestrel's: whatever is sent, both see the same requests with the same headers
/// and bodies, one after the other, and refuse the same.
/// </summary>
public sealed class SameAsKestrelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_is_sent(int seed)
    {
        await using var plain = await PlainBench.StartAsync(Echo.AnswerAsync);
        await using var kestrel = await PlainBench.StartKestrelAsync(Echo.AnswerAsync);
        var chance = new Chance(seed);
        for (var round = 0; round < 500; round++)
        {
            await CompareAsync(plain, kestrel, StrangeRequests.Stream(chance), chance);
        }

        // Not everything has gone to Kestrel: there was something to compare.
        Assert.True(plain.PlainRequests > 200, $"{plain.PlainRequests} plain requests");
    }

    [Fact]
    public async Task A_pair_cut_anywhere()
    {
        await using var plain = await PlainBench.StartAsync(Echo.AnswerAsync);
        await using var kestrel = await PlainBench.StartKestrelAsync(Echo.AnswerAsync);
        var pair = StrangeRequests.Usual("first") + StrangeRequests.Usual("second");
        var expected = await Conversation.HoldAsync(kestrel, pair, []);
        for (var cut = 1; cut < pair.Length; cut++)
        {
            Assert.Equal(expected, await Conversation.HoldAsync(plain, pair, [cut]));
        }
    }

    [Theory]
    [InlineData("[::1]:80")]
    [InlineData("localhost:8080")]
    [InlineData("a_b.example")]
    public async Task A_host(string host)
    {
        await using var plain = await PlainBench.StartAsync(Echo.AnswerAsync);
        await using var kestrel = await PlainBench.StartKestrelAsync(Echo.AnswerAsync);
        var request = StrangeRequests.Usual().Replace("Host: x", "Host: " + host, StringComparison.Ordinal);
        await CompareAsync(plain, kestrel, request, new Chance(1));
    }

    [Fact]
    public async Task A_filter_of_hosts_that_the_operator_has_set_sees_every_request()
    {
        await using var server = await PlainBench.StartAsync(Echo.AnswerAsync, hosts: "only.example");
        var answers = await Conversation.HoldAsync(server, StrangeRequests.Usual(), []);
        Assert.StartsWith("400 ", answers, StringComparison.Ordinal);
        Assert.Equal(0, server.PlainRequests);
    }

    private static async Task CompareAsync(PlainBench plain, PlainBench kestrel, string stream, Chance chance)
    {
        var cuts = Enumerable.Range(0, chance.Below(3)).Select(_ => chance.Below(stream.Length)).Order().ToArray();
        var expected = Conversation.HoldAsync(kestrel, stream, []);
        var actual = await Conversation.HoldAsync(plain, stream, cuts);
        Assert.True(
            await expected == actual,
            $"""
            Sent, cut at {string.Join(", ", cuts)}:
            {stream.Replace("\r", "\\r", StringComparison.Ordinal)}
            Kestrel:
            {await expected}
            Plain:
            {actual}
            """
        );
    }
}

using System.Threading.Channels;

namespace Penstock.Tests.Storage.Redis;

/// <summary>Two gateways' feeds on one server of their own.</summary>
public sealed class RedisChangeFeedTests : IAsyncLifetime
{
    private readonly RedisServer _server = new();
    private long _revision;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_one_announces_the_other_hears_and_not_itself()
    {
        await using var one = await RedisNode.OpenAsync(_server.Connection, "fleet");
        await using var other = await RedisNode.OpenAsync(_server.Connection, "fleet");
        var (near, far) = (Listen(one), Listen(other));
        await UntilHeardAsync(one, far);
        await UntilHeardAsync(other, near);

        await one.Feed.AnnounceAsync(1_000, Stop);
        await other.Feed.AnnounceAsync(2_000, Stop);

        Assert.Equal(1_000, await NextAsync(far, from: 1_000));
        // Words of one channel come in their order: its own would have come first.
        Assert.Equal(2_000, await NextAsync(near, from: 1_000));
    }

    [Fact]
    public async Task Other_fleets_on_the_same_server_hear_nothing()
    {
        await using var one = await RedisNode.OpenAsync(_server.Connection, "fleet");
        await using var mate = await RedisNode.OpenAsync(_server.Connection, "fleet");
        await using var stranger = await RedisNode.OpenAsync(_server.Connection, "another");
        await using var friend = await RedisNode.OpenAsync(_server.Connection, "another");
        var (near, far) = (Listen(mate), Listen(stranger));
        await UntilHeardAsync(one, near);
        await UntilHeardAsync(friend, far);

        await one.Feed.AnnounceAsync(1_000, Stop);
        await friend.Feed.AnnounceAsync(2_000, Stop);

        Assert.Equal(2_000, await NextAsync(far, from: 1_000));
    }

    [Fact]
    public async Task A_subscription_outlives_the_server_and_nobody_waits_while_it_is_away()
    {
        await using var one = await RedisNode.OpenAsync(_server.Connection, "fleet");
        await using var other = await RedisNode.OpenAsync(_server.Connection, "fleet");
        var far = Listen(other);
        await UntilHeardAsync(one, far);
        _server.Kill();

        // Before and after it is known to be away.
        Assert.True(one.Feed.AnnounceAsync(500, Stop).IsCompletedSuccessfully);
        await Task.WhenAll(one.NoticeAsync(), other.NoticeAsync());
        Assert.True(one.Feed.AnnounceAsync(501, Stop).IsCompletedSuccessfully);
        var back = Task.WhenAll(one.Back(), other.Back());
        await _server.StartAgainAsync();
        await back;

        _revision = 1_000;
        await UntilHeardAsync(one, far);
    }

    [Fact]
    public async Task A_server_that_comes_after_the_gateways_is_listened_to()
    {
        _server.Kill();
        await using var one = await LateAsync();
        await using var other = await LateAsync();
        var far = Listen(other);

        await _server.StartAgainAsync();

        await UntilHeardAsync(one, far);
    }

    private Task<RedisNode> LateAsync() =>
        RedisNode.OpenAsync(_server.Connection, "fleet", configure: options => options.PatienceMilliseconds = 200);

    private static ChannelReader<long> Listen(RedisNode node)
    {
        var heard = Channel.CreateUnbounded<long>();
        node.Feed.Listen(revision => heard.Writer.TryWrite(revision));
        return heard.Reader;
    }

    /// <summary>A subscription takes its time: announces until one word is heard, and forgets the others.</summary>
    private async Task UntilHeardAsync(RedisNode speaker, ChannelReader<long> listener)
    {
        var first = _revision + 1;
        while (true)
        {
            await speaker.Feed.AnnounceAsync(++_revision, Stop);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
            while (listener.TryRead(out var revision))
            {
                if (revision >= first)
                {
                    return;
                }
            }
        }
    }

    private static async Task<long> NextAsync(ChannelReader<long> heard, long from)
    {
        while (true)
        {
            if (await heard.ReadAsync(Stop) is var revision && revision >= from)
            {
                return revision;
            }
        }
    }
}

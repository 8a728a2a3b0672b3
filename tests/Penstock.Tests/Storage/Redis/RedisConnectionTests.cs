using Penstock.EndToEndTests.Harness;
using Penstock.Storage.Redis;

namespace Penstock.Tests.Storage.Redis;

public sealed class RedisConnectionTests : IAsyncLifetime
{
    private static readonly RedisScript Echo = new("return ARGV[1]");

    private readonly RedisServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_script_answers()
    {
        await using var node = await RedisNode.OpenAsync(_server.Connection, "a");

        Assert.Equal("word", (string?)await node.Connection.DecideAsync(Echo, [], ["word"]));
    }

    [Fact]
    public async Task A_server_that_goes_is_told_once_and_asked_no_more_until_it_is_back()
    {
        await using var node = await RedisNode.OpenAsync(_server.Connection, "a");
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Breaker.Closed += back.SetResult;
        _server.Kill();

        for (var call = 0; call < node.Options.FailuresToOpen; call++)
        {
            Assert.Null(await node.Connection.DecideAsync(Echo, [], ["word"]));
        }

        Assert.False(node.Connection.IsUsable);
        Assert.Equal(1, node.Away);
        await _server.StartAgainAsync();
        await back.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, node.Away);
        // A server that was started again knows no script: it is sent once more.
        Assert.Equal("word", (string?)await node.Connection.DecideAsync(Echo, [], ["word"]));
    }

    [Fact]
    public async Task A_server_that_is_not_there_at_the_start_is_found_when_it_comes()
    {
        _server.Kill();
        await using var node = await RedisNode.OpenAsync(
            _server.Connection,
            "a",
            configure: options => (options.PatienceMilliseconds, options.FailuresToOpen) = (200, 1)
        );
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Breaker.Closed += () => back.TrySetResult();
        Assert.Null(await node.Connection.DecideAsync(Echo, [], ["word"]));

        await _server.StartAgainAsync();

        while (await node.Connection.DecideAsync(Echo, [], ["word"]) is null)
        {
            await back.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_server_that_stalls_is_waited_for_no_longer_than_the_deadline()
    {
        await using var proxy = new StallingProxy(_server.Port);
        await using var node = await RedisNode.OpenAsync(
            proxy.Connection,
            "a",
            configure: options => (options.DeadlineMilliseconds, options.FailuresToOpen) = (1, 1)
        );
        proxy.Stall();

        // Nothing comes back through the proxy: only our own deadline can end this.
        Assert.Null(await node.Connection.DecideAsync(Echo, [], ["word"]));
        Assert.False(node.Connection.IsUsable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("host:6379,noSuchOption=1")]
    public void A_connection_string_that_cannot_be_used_is_told(string connection) =>
        Assert.NotNull(RedisConnection.Mistake(connection));

    [Theory]
    [InlineData("127.0.0.1:6379")]
    [InlineData("cache.example:6380,password=p,ssl=true,defaultDatabase=2")]
    public void A_connection_string_of_the_library_is_taken(string connection) =>
        Assert.Null(RedisConnection.Mistake(connection));
}

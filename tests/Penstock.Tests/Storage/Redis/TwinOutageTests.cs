using Penstock.EndToEndTests.Harness;
using Penstock.Idempotency;
using Penstock.Tests.Idempotency;

namespace Penstock.Tests.Storage.Redis;

/// <summary>Twins whose server is killed, comes back or stalls while they wait.</summary>
public sealed class TwinOutageTests : IAsyncLifetime
{
    private static readonly IdempotencyKey Key = IdempotencyKey.Of(Guid.NewGuid(), "key");
    private static readonly AnswerHead Head = new("id", 200, true, "org/m", "m", "vllm", "deployment");

    private readonly RedisServer _server = new();
    private readonly List<TwinNode> _nodes = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [Fact]
    public async Task When_the_server_goes_the_owner_goes_on_and_who_waits_elsewhere_begins_by_themselves()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        var first = (await ClaimAsync(one)).Recording!;
        var twin = (await ClaimAsync(other)).Playback!;

        _server.Kill();

        Assert.Equal(RecordingState.Withdrawn, await twin.EndAsync(Stop));
        await other.Redis.NoticeAsync();
        var alone = await ClaimAsync(other);
        Assert.Equal(ClaimOutcome.Owned, alone.Outcome);
        Assert.Equal(1, other.Redis.DecidedAlone);
        // Each answers those who come to it by what it has itself.
        await KeepAsync(one, first, "one");
        await KeepAsync(other, alone.Recording!, "other");
        Assert.Equal(("one", "other"), (await HearAsync(one), await HearAsync(other)));
    }

    [Fact]
    public async Task What_runs_while_the_server_comes_back_empty_is_shared_from_its_first_byte_again()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        var first = (await ClaimAsync(one)).Recording!;
        first.Begin(Head);
        IdempotencyStoreContract.Write(first, "one ");
        _server.Kill();
        await one.Redis.NoticeAsync();
        await other.Redis.NoticeAsync();
        var back = Task.WhenAll(one.Redis.Back(), other.Redis.Back());
        await _server.StartAgainAsync();
        await back;

        await KeepAsync(one, first, "two");

        Assert.Equal("one two", await HearAsync(other));
    }

    [Fact]
    public async Task A_server_that_stalls_holds_no_claim_up()
    {
        await using var proxy = new StallingProxy(_server.Port);
        var node = await OpenAsync(proxy.Connection, deadline: 500);
        Assert.Equal(ClaimOutcome.Owned, (await ClaimAsync(node)).Outcome);

        proxy.Stall();
        var other = IdempotencyKey.Of(Guid.NewGuid(), "other");
        var alone = await node.Store.ClaimAsync(other, default, Stop);

        Assert.Equal(ClaimOutcome.Owned, alone.Outcome);
        Assert.False(node.Redis.Connection.IsUsable);
        // From now on nobody even waits for the deadline, neither to begin nor to end.
        var next = node.Store.ClaimAsync(IdempotencyKey.Of(Guid.NewGuid(), "next"), default, Stop);
        Assert.True(next.IsCompletedSuccessfully);
        proxy.GoOn();
    }

    private async Task<TwinNode> OpenAsync(string? connection = null, int deadline = 10_000)
    {
        var node = await TwinNode.OpenAsync(
            connection ?? _server.Connection,
            "outage",
            configure: options => options.DeadlineMilliseconds = deadline
        );
        _nodes.Add(node);
        return node;
    }

    private static async Task<IdempotencyClaim> ClaimAsync(TwinNode node) =>
        await node.Store.ClaimAsync(Key, default, Stop);

    private static async Task KeepAsync(TwinNode node, Recording recording, string text)
    {
        recording.Begin(Head);
        IdempotencyStoreContract.Write(recording, text);
        await node.Store.KeepAsync(recording);
    }

    private static async Task<string> HearAsync(TwinNode node) =>
        await IdempotencyStoreContract.HearAsync((await ClaimAsync(node)).Playback!);
}

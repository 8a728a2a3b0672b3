using Penstock.Idempotency;
using Penstock.Storage.Redis;
using Penstock.Tests.Idempotency;

namespace Penstock.Tests.Storage.Redis;

/// <summary>The contract on a real server, and what there is to say of two gateways on it.</summary>
public sealed class RedisIdempotencyStoreTests(RedisServer server)
    : IdempotencyStoreContract,
        IClassFixture<RedisServer>,
        IAsyncDisposable
{
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private readonly List<TwinNode> _nodes = [];
    private long _micros = 1_000_000_000_000;

    private RedisClock Clock => new(() => Interlocked.Read(ref _micros));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_twins_on_two_nodes_cost_one_generation(bool stream)
    {
        var nodes = await TwoAsync();
        var generations = 0;
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number} "));

        var heard = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(number => Task.Run(() => AskAsync(nodes[number % 2])))
        );

        Assert.Equal(1, generations);
        Assert.All(heard, one => Assert.Equal(text, one));

        async Task<string> AskAsync(TwinNode node)
        {
            var claim = await ClaimAsync(node.Store);
            if (claim.Outcome == ClaimOutcome.Owned)
            {
                Interlocked.Increment(ref generations);
                claim.Recording!.Begin(Head);
                foreach (var part in stream ? text.Chunk(1_000) : [text.ToCharArray()])
                {
                    Write(claim.Recording, new string(part));
                    await Task.Yield();
                }

                await node.Store.KeepAsync(claim.Recording);
                return text;
            }

            using var playback = claim.Playback!;
            if (!stream)
            {
                Assert.Equal(RecordingState.Whole, await playback.EndAsync(Stop));
                Assert.Equal(text.Length, playback.Length);
            }

            var told = await HearAsync(playback);
            Assert.Equal(Head, playback.Head);
            return told;
        }
    }

    [Fact]
    public async Task A_twin_on_another_node_hears_a_stream_from_its_first_byte_while_it_goes_on()
    {
        var nodes = await TwoAsync();
        var first = (await ClaimAsync(nodes[0].Store)).Recording!;
        first.Begin(Head);
        Write(first, "one ");

        var twin = (await ClaimAsync(nodes[1].Store)).Playback!;
        Assert.Equal("one ", await HearAsync(twin, 4));
        Assert.Equal(Head, twin.Head);
        Write(first, "two ");
        Assert.Equal("two ", await HearAsync(twin, 4));
        Write(first, "three");
        await nodes[0].Store.KeepAsync(first);

        Assert.Equal("three", await HearAsync(twin));
        Assert.Equal("one two three", await HearAsync((await ClaimAsync(nodes[1].Store)).Playback!));
    }

    [Fact]
    public async Task What_is_kept_is_in_nobody_s_memory_and_each_key_of_it_has_an_end()
    {
        var nodes = await TwoAsync();
        await KeepAsync(nodes[0], "an answer");
        using (var twin = (await ClaimAsync(nodes[1].Store)).Playback!)
        {
            Assert.Equal("an answer", await HearAsync(twin));
        }

        Assert.All(nodes, node => Assert.Equal((0, 0L), (node.Local.Count, node.Local.Bytes)));
        var lifetimes = await nodes[0].Redis.LifetimesAsync();
        Assert.All(lifetimes, left => Assert.InRange(left, 1, 86_400_000));
        Advance(TimeSpan.FromHours(24));
        Assert.Equal(ClaimOutcome.Owned, (await ClaimAsync(nodes[1].Store)).Outcome);
    }

    [Fact]
    public async Task Another_body_is_told_so_on_every_node()
    {
        var nodes = await TwoAsync();
        var first = await ClaimAsync(nodes[0].Store);
        var other = Fingerprint.Of("body"u8, "another"u8);
        Assert.Equal(ClaimOutcome.OtherBody, (await ClaimAsync(nodes[1].Store, other)).Outcome);

        await nodes[0].Store.KeepAsync(first.Recording!);

        Assert.Equal(ClaimOutcome.OtherBody, (await ClaimAsync(nodes[1].Store, other)).Outcome);
        Assert.Equal(0, nodes[1].Local.Count);
    }

    [Fact]
    public async Task What_is_too_large_is_told_so_on_every_node_to_those_who_wait_and_to_those_who_come()
    {
        var nodes = await TwoAsync(new IdempotencyOptions { AnswerBytes = 100 });
        var first = (await ClaimAsync(nodes[0].Store)).Recording!;
        first.Begin(Head);
        var twin = (await ClaimAsync(nodes[1].Store)).Playback!;

        Write(first, new string('x', 101));

        Assert.Equal(RecordingState.Unkept, await twin.EndAsync(Stop));
        Assert.Equal(ClaimOutcome.Unavailable, (await ClaimAsync(nodes[1].Store)).Outcome);
        await nodes[0].Store.KeepAsync(first);
        Assert.Equal(ClaimOutcome.Unavailable, (await ClaimAsync(nodes[1].Store)).Outcome);
        Advance(TimeSpan.FromHours(23));
        Assert.Equal(ClaimOutcome.Unavailable, (await ClaimAsync(nodes[1].Store)).Outcome);
    }

    [Fact]
    public async Task A_failure_is_told_on_every_node_and_not_kept()
    {
        var nodes = await TwoAsync();
        var first = (await ClaimAsync(nodes[0].Store)).Recording!;
        first.Begin(Head);
        Write(first, "half");
        var twin = (await ClaimAsync(nodes[1].Store)).Playback!;
        Assert.Equal("half", await HearAsync(twin, 4));
        var failure = new AnswerFailure("StreamCut", 502, "upstream_error", null, "brøke", null, 0, true);

        first.Fail(failure);

        Assert.Equal(RecordingState.Failed, await twin.ReadAsync(Stop));
        Assert.Equal(failure, twin.Failure);
        Assert.Equal(ClaimOutcome.Owned, (await ClaimAsync(nodes[1].Store)).Outcome);
    }

    [Fact]
    public async Task Of_those_who_wait_elsewhere_for_one_that_goes_without_a_word_exactly_one_takes_its_place()
    {
        var nodes = await TwoAsync();
        var first = (await ClaimAsync(nodes[0].Store)).Recording!;
        var twins = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ClaimAsync(nodes[1].Store)));

        first.Withdraw();

        await AllHearThatItIsOrphanedAsync(twins);
        var again = await Task.WhenAll(twins.Select(_ => Task.Run(() => ClaimAsync(nodes[1].Store))));
        Assert.Single(again, claim => claim.Outcome == ClaimOutcome.Owned);
    }

    [Fact]
    public async Task When_the_owner_s_node_is_killed_exactly_one_of_those_who_wait_on_two_others_takes_its_place()
    {
        var nodes = await TwoAsync();
        nodes.Add(await OpenAsync());
        await ClaimAsync(nodes[0].Store);
        var twins = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(number => ClaimAsync(nodes[1 + (number % 2)].Store))
        );
        Assert.All(twins, twin => Assert.Equal(ClaimOutcome.Attached, twin.Outcome));

        await nodes[0].KillAsync();
        Advance(nodes[0].Answers.Lease);

        await AllHearThatItIsOrphanedAsync(twins);
        var again = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(number => Task.Run(() => ClaimAsync(nodes[1 + (number % 2)].Store)))
        );
        Assert.Single(again, claim => claim.Outcome == ClaimOutcome.Owned);
    }

    [Fact]
    public async Task An_owner_that_was_away_longer_than_its_lease_changes_nothing_any_more()
    {
        var nodes = await TwoAsync();
        var late = (await ClaimAsync(nodes[0].Store)).Recording!;
        await nodes[0].KillAsync();
        Advance(nodes[0].Answers.Lease);
        var next = (await ClaimAsync(nodes[1].Store)).Recording!;
        var lateStore = await OpenAsync();

        var word = new TwinWord(TwinWord.Whole, 0, "late"u8.ToArray(), 4, Head, null);
        Assert.Equal(-1, (await lateStore.Answers.TellAsync(late, "the late one", word))!.Value.Length);

        next.Begin(Head);
        Write(next, "next");
        await nodes[1].Store.KeepAsync(next);
        Assert.Equal("next", await HearAsync((await ClaimAsync(lateStore.Store)).Playback!));
    }

    [Fact]
    public async Task A_generation_goes_on_as_long_as_anybody_listens_on_another_node()
    {
        var nodes = await TwoAsync();
        var first = (await ClaimAsync(nodes[0].Store)).Recording!;
        var twin = (await ClaimAsync(nodes[1].Store)).Playback!;
        await UntilAsync(() => first.Twins == 1);

        first.FirstLeaves();
        Assert.False(first.Abandoned.IsCancellationRequested);
        first.Begin(Head);
        Write(first, "more");
        Assert.Equal("more", await HearAsync(twin, 4));

        twin.Dispose();
        await UntilAsync(() => first.Abandoned.IsCancellationRequested);
        first.Withdraw();
        Assert.Equal(ClaimOutcome.Owned, (await ClaimUntilOwnedAsync(nodes[1].Store)).Outcome);
    }

    [Fact]
    public async Task An_answer_that_the_server_had_no_room_for_is_generated_anew()
    {
        var nodes = await TwoAsync();
        await KeepAsync(nodes[0], "an answer");
        const string Evict = "for _, k in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', k) end return 1";

        await nodes[0].Redis.Connection.RunAsync(new RedisScript(Evict), [], [$"*{_prefix}:*:bytes"]);

        Assert.Equal(ClaimOutcome.Owned, (await ClaimAsync(nodes[1].Store)).Outcome);
    }

    [Theory]
    [InlineData(2_500, 100, true)]
    [InlineData(10_000, 2, false)]
    public async Task The_oldest_answers_make_room_and_their_keys_are_known_until_there_are_too_many(
        int bytes,
        int keys,
        bool isKnown
    )
    {
        var node = await OpenAsync(new IdempotencyOptions { Keys = keys }, options => options.AnswerBytes = bytes);
        var workspace = Guid.NewGuid();
        foreach (var name in (string[])["1", "2", "3"])
        {
            var recording = (await ClaimAsync(name)).Recording!;
            recording.Begin(Head);
            Write(recording, new string('x', 1_000));
            await node.Store.KeepAsync(recording);
            Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(isKnown ? ClaimOutcome.Unavailable : ClaimOutcome.Owned, (await ClaimAsync("1")).Outcome);
        Assert.Equal(ClaimOutcome.Attached, (await ClaimAsync("2")).Outcome);
        Assert.Equal(ClaimOutcome.Attached, (await ClaimAsync("3")).Outcome);

        async Task<IdempotencyClaim> ClaimAsync(string name) =>
            await node.Store.ClaimAsync(IdempotencyKey.Of(workspace, name), default, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private protected override async ValueTask<IIdempotencyStore> MakeAsync(
        IdempotencyOptions options,
        TimeProvider time
    ) => (await OpenAsync(options)).Store;

    private async Task<List<TwinNode>> TwoAsync(IdempotencyOptions? options = null) =>
        [await OpenAsync(options), await OpenAsync(options)];

    private async Task<TwinNode> OpenAsync(IdempotencyOptions? options = null, Action<RedisOptions>? configure = null)
    {
        var node = await TwinNode.OpenAsync(server.Connection, _prefix, Clock, options, configure);
        _nodes.Add(node);
        return node;
    }

    private void Advance(TimeSpan by) => Interlocked.Add(ref _micros, by.Ticks / TimeSpan.TicksPerMicrosecond);

    private static async Task KeepAsync(TwinNode node, string text)
    {
        var recording = (await ClaimAsync(node.Store)).Recording!;
        recording.Begin(Head);
        Write(recording, text);
        await node.Store.KeepAsync(recording);
    }

    private static async Task AllHearThatItIsOrphanedAsync(IEnumerable<IdempotencyClaim> twins)
    {
        foreach (var twin in twins)
        {
            Assert.Equal(RecordingState.Withdrawn, await twin.Playback!.ReadAsync(Stop));
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

using System.Text;
using Microsoft.Extensions.Time.Testing;
using Penstock.Idempotency;

namespace Penstock.Tests.Idempotency;

/// <summary>What every store of answers must do. A store's own test class inherits it and says how to make one.</summary>
public abstract class IdempotencyStoreContract
{
    private static readonly IdempotencyKey Key = IdempotencyKey.Of(Guid.NewGuid(), "key");
    private static readonly Fingerprint Body = Fingerprint.Of("body"u8, "one"u8);
    private static readonly Fingerprint OtherBody = Fingerprint.Of("body"u8, "two"u8);

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>One gateway's store; all stores of a test that share a place know of each other.</summary>
    private protected abstract ValueTask<IIdempotencyStore> MakeAsync(IdempotencyOptions options, TimeProvider time);

    [Fact]
    public async Task The_first_owns_the_key_and_whoever_comes_then_hears_it_from_the_first_byte()
    {
        var store = await MakeAsync();
        var first = await ClaimAsync(store);
        first.Recording!.Begin(Head);
        Write(first.Recording, "one ");

        var twin = await ClaimAsync(store);
        Assert.Equal((ClaimOutcome.Owned, ClaimOutcome.Attached), (first.Outcome, twin.Outcome));
        Assert.Equal("one ", await HearAsync(twin.Playback!, 4));
        Assert.Equal(Head, twin.Playback!.Head);
        Write(first.Recording, "two");
        await store.KeepAsync(first.Recording);

        Assert.Equal("two", await HearAsync(twin.Playback));
        Assert.Equal("one two", await HearAsync((await ClaimAsync(store)).Playback!));
    }

    [Fact]
    public async Task Another_body_under_the_key_is_told_so_before_and_after_the_end()
    {
        var store = await MakeAsync();
        var first = await ClaimAsync(store);
        Assert.Equal(ClaimOutcome.OtherBody, (await ClaimAsync(store, OtherBody)).Outcome);
        first.Recording!.Begin(Head);

        await store.KeepAsync(first.Recording);

        Assert.Equal(ClaimOutcome.OtherBody, (await ClaimAsync(store, OtherBody)).Outcome);
    }

    [Fact]
    public async Task Another_workspace_has_keys_of_its_own()
    {
        var store = await MakeAsync();
        await ClaimAsync(store);

        var other = await store.ClaimAsync(IdempotencyKey.Of(Guid.NewGuid(), "key"), Body, Stop);

        Assert.Equal(ClaimOutcome.Owned, other.Outcome);
    }

    [Fact]
    public async Task A_failure_is_told_to_those_who_wait_and_is_not_kept()
    {
        var store = await MakeAsync();
        var first = await ClaimAsync(store);
        var twin = await ClaimAsync(store);
        var failure = new AnswerFailure("EngineError", 500, "upstream_error", "engine_error", "broke", null, 0, true);

        first.Recording!.Fail(failure);

        Assert.Equal(RecordingState.Failed, await twin.Playback!.ReadAsync(Stop));
        Assert.Equal(failure, twin.Playback.Failure);
        Assert.Equal(ClaimOutcome.Owned, (await ClaimUntilOwnedAsync(store)).Outcome);
    }

    [Fact]
    public async Task Of_those_who_wait_for_one_that_goes_without_a_word_exactly_one_takes_its_place()
    {
        var store = await MakeAsync();
        var first = await ClaimAsync(store);
        var twins = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ClaimAsync(store)));
        Assert.All(twins, twin => Assert.Equal(ClaimOutcome.Attached, twin.Outcome));

        first.Recording!.Withdraw();

        foreach (var twin in twins)
        {
            Assert.Equal(RecordingState.Withdrawn, await twin.Playback!.ReadAsync(Stop));
        }

        var again = await Task.WhenAll(twins.Select(_ => Task.Run(() => ClaimAsync(store))));
        Assert.Single(again, claim => claim.Outcome == ClaimOutcome.Owned);
    }

    [Fact]
    public async Task What_is_too_large_is_known_and_not_to_be_had()
    {
        var store = await MakeAsync(new IdempotencyOptions { AnswerBytes = 100 });
        var first = await ClaimAsync(store);
        var twin = await ClaimAsync(store);
        first.Recording!.Begin(Head);

        Write(first.Recording, new string('x', 101));

        Assert.Equal(RecordingState.Unkept, await twin.Playback!.ReadAsync(Stop));
        Assert.Equal(ClaimOutcome.Unavailable, (await ClaimAsync(store)).Outcome);
        await store.KeepAsync(first.Recording);
        Assert.Equal(ClaimOutcome.Unavailable, (await ClaimAsync(store)).Outcome);
        Assert.Equal(ClaimOutcome.OtherBody, (await ClaimAsync(store, OtherBody)).Outcome);
    }

    [Fact]
    public async Task When_the_first_has_left_the_last_twin_ends_it()
    {
        var store = await MakeAsync();
        var first = (await ClaimAsync(store)).Recording!;
        var twin = await ClaimAsync(store);
        first.FirstLeaves();
        Assert.False(first.Abandoned.IsCancellationRequested);

        twin.Playback!.Dispose();

        Assert.True(first.Abandoned.IsCancellationRequested);
        first.Withdraw();
        Assert.Equal(ClaimOutcome.Owned, (await ClaimUntilOwnedAsync(store)).Outcome);
    }

    private protected static AnswerHead Head { get; } = new("id", 200, true, "org/m", "m", "vllm", "deployment");

    private protected async ValueTask<IIdempotencyStore> MakeAsync(IdempotencyOptions? options = null) =>
        await MakeAsync(options ?? new IdempotencyOptions(), TimeProvider.System);

    private protected static async Task<IdempotencyClaim> ClaimAsync(
        IIdempotencyStore store,
        Fingerprint? body = null
    ) => await store.ClaimAsync(Key, body ?? Body, Stop);

    /// <summary>A shared place may hear of an end a moment later.</summary>
    private protected static async Task<IdempotencyClaim> ClaimUntilOwnedAsync(IIdempotencyStore store)
    {
        while (true)
        {
            var claim = await ClaimAsync(store);
            if (claim.Outcome == ClaimOutcome.Owned)
            {
                return claim;
            }

            claim.Playback?.Dispose();
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Writes as an owner does: until there is no room.</summary>
    internal static void Write(Recording recording, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text).AsSpan();
        while (bytes.Length > 0)
        {
            if (!recording.TryGetMemory(1, out var memory))
            {
                recording.GiveUpKeeping(default);
                return;
            }

            var count = Math.Min(memory.Length, bytes.Length);
            bytes[..count].CopyTo(memory.Span);
            recording.Advance(count);
            bytes = bytes[count..];
        }

        recording.Publish();
    }

    /// <param name="least">How much to wait for; null: until its end, which must be a good one.</param>
    internal static async Task<string> HearAsync(Playback playback, int? least = null)
    {
        var heard = new StringBuilder();
        while (least is null || heard.Length < least)
        {
            var state = await playback.ReadAsync(Stop);
            if (state != RecordingState.Open)
            {
                Assert.Equal(RecordingState.Whole, state);
                break;
            }

            heard.Append(Encoding.ASCII.GetString(playback.Payload.Span));
        }

        return heard.ToString();
    }
}

using Microsoft.Extensions.Time.Testing;
using Penstock.Idempotency;
using Penstock.Tests.Metering;

namespace Penstock.Tests.Idempotency;

public sealed class MemoryIdempotencyStoreTests : IdempotencyStoreContract, IDisposable
{
    private readonly TestMeters _meters = new();
    private readonly List<MemoryIdempotencyStore> _stores = [];

    [Fact]
    public async Task Who_holds_most_makes_room_and_is_told_so_instead_of_paying_twice()
    {
        var store = Make(new IdempotencyOptions { MemoryBytes = 8_000 });
        var (hog, small) = (Guid.NewGuid(), Guid.NewGuid());
        await KeepAsync(store, small, "s", 1_000);
        foreach (var name in (string[])["1", "2", "3"])
        {
            await KeepAsync(store, hog, name, 2_000);
        }

        await KeepAsync(store, small, "t", 1_000);

        Assert.Equal(
            [ClaimOutcome.Attached, ClaimOutcome.Unavailable, ClaimOutcome.Attached, ClaimOutcome.Attached],
            [Ask(store, small, "s"), Ask(store, hog, "1"), Ask(store, hog, "2"), Ask(store, hog, "3")]
        );
        Assert.InRange(store.Bytes, 1, 8_000);
        Assert.Equal(store.Bytes, _meters.Sum("penstock.idempotency.bytes"));
        Assert.Equal(1, _meters.Sum("penstock.idempotency.unkept"));
    }

    [Fact]
    public async Task An_answer_that_somebody_listens_to_does_not_make_room()
    {
        var store = Make(new IdempotencyOptions { MemoryBytes = 5_000 });
        var workspace = Guid.NewGuid();
        await KeepAsync(store, workspace, "heard", 3_000);
        var listening = store.Claim(IdempotencyKey.Of(workspace, "heard"), default).Playback!;

        await KeepAsync(store, workspace, "late", 3_000);

        Assert.Equal(ClaimOutcome.Unavailable, Ask(store, workspace, "late"));
        Assert.Equal(3_000, (await HearAsync(listening)).Length);
        listening.Dispose();
        await KeepAsync(store, workspace, "later", 3_000);
        Assert.Equal(ClaimOutcome.Attached, Ask(store, workspace, "later"));
        Assert.Equal(ClaimOutcome.Unavailable, Ask(store, workspace, "heard"));
    }

    [Fact]
    public async Task The_oldest_keys_of_whoever_has_most_are_forgotten()
    {
        var store = Make(new IdempotencyOptions { Keys = 3 });
        var (hog, small) = (Guid.NewGuid(), Guid.NewGuid());
        await KeepAsync(store, small, "s", 10);
        foreach (var name in (string[])["1", "2", "3"])
        {
            await KeepAsync(store, hog, name, 10);
        }

        Assert.Equal(3, store.Count);
        Assert.Equal(ClaimOutcome.Attached, Ask(store, small, "s"));
        Assert.Equal(ClaimOutcome.Owned, Ask(store, hog, "1"));
        Assert.Equal(ClaimOutcome.Attached, Ask(store, hog, "2"));
    }

    [Fact]
    public async Task What_nobody_asks_for_again_is_gone_after_its_time()
    {
        var time = new FakeTimeProvider();
        var store = Make(new IdempotencyOptions { Hours = 1 }, time);
        await KeepAsync(store, Guid.NewGuid(), "key", 10);
        Assert.Equal(1, store.Count);

        time.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal((0, 0L), (store.Count, store.Bytes));
    }

    [Fact]
    public void A_slow_twin_of_a_failure_hears_what_there_was_and_then_its_memory_is_free()
    {
        var store = Make(new IdempotencyOptions());
        var key = IdempotencyKey.Of(Guid.NewGuid(), "key");
        var first = store.Claim(key, default).Recording!;
        var twin = store.Claim(key, default).Playback!;
        Write(first, "half");

        first.Fail(new AnswerFailure("StreamCut", 502, "upstream_error", null, "broke", null, 0, true));

        Assert.True(store.Bytes > 0);
        RecordingPlace place = default;
        Assert.Equal(RecordingState.Open, first.Read(ref place, out var payload, out _));
        Assert.Equal(4, payload.Length);
        twin.Dispose();
        Assert.Equal(0, store.Bytes);
    }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _meters.Dispose();
    }

    private protected override ValueTask<IIdempotencyStore> MakeAsync(IdempotencyOptions options, TimeProvider time) =>
        new(Make(options, time));

    private MemoryIdempotencyStore Make(IdempotencyOptions options, TimeProvider? time = null)
    {
        var store = new MemoryIdempotencyStore(
            options,
            new IdempotencyMetrics(_meters.Factory),
            time ?? TimeProvider.System
        );
        _stores.Add(store);
        return store;
    }

    private static async Task KeepAsync(MemoryIdempotencyStore store, Guid workspace, string name, int bytes)
    {
        var recording = store.Claim(IdempotencyKey.Of(workspace, name), default).Recording!;
        recording.Begin(Head);
        Write(recording, new string('x', bytes));
        await store.KeepAsync(recording);
    }

    private static ClaimOutcome Ask(MemoryIdempotencyStore store, Guid workspace, string name)
    {
        var claim = store.Claim(IdempotencyKey.Of(workspace, name), default);
        claim.Playback?.Dispose();
        claim.Recording?.Dispose();
        return claim.Outcome;
    }
}

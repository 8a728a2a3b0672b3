using System.Text;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using Penstock.Idempotency;
using Penstock.Tests.Metering;

namespace Penstock.Tests.Idempotency;

/// <summary>Whoever comes, leaves, fails or is pushed out, in whatever order.</summary>
public sealed class MemoryIdempotencyStoreProperties
{
    private static readonly Guid Workspace = Guid.NewGuid();
    private static readonly AnswerHead Head = new("id", 200, true, "org/m", "m", "vllm", "deployment");

    [Property(MaxTest = 500, StartSize = 20, EndSize = 200)]
    public void No_key_is_generated_twice_while_anybody_may_have_the_answer(byte memory, (byte Act, byte Which)[] steps)
    {
        using var meters = new TestMeters();
        using var store = new MemoryIdempotencyStore(
            new IdempotencyOptions { MemoryBytes = 2_048 * (1 + (memory % 6)), AnswerBytes = 6_000 },
            new IdempotencyMetrics(meters.Factory),
            new FakeTimeProvider()
        );
        var keys = Enumerable.Range(0, 3).Select(number => new OneKey(store, number)).ToList();

        foreach (var (act, which) in steps)
        {
            keys[which % keys.Count].Step(act, which / keys.Count);
            Assert.InRange(store.Bytes, 0, 2_048 * 6);
        }

        keys.ForEach(key => key.End());
        keys.ForEach(key => key.IsSettled());
        Assert.Equal(store.Bytes, meters.Sum("penstock.idempotency.bytes"));
    }

    /// <summary>A key, its callers, and what may be said of them.</summary>
    private sealed class OneKey(MemoryIdempotencyStore store, int number)
    {
        private readonly IdempotencyKey _key = IdempotencyKey.Of(Workspace, $"{number}");
        private readonly List<Listener> _twins = [];
        private Recording? _running;
        private Recording? _kept;
        private string _said = "";
        private string? _whole;
        private bool _firstIsThere;

        public void Step(byte act, int which)
        {
            switch (act % 8)
            {
                case 0 or 1:
                    Come();
                    break;
                case 2 or 3:
                    Say(which);
                    break;
                case 4 when _running is not null:
                    Keep();
                    break;
                case 5 when _running is not null && which % 3 == 0:
                    _running.Fail(new AnswerFailure("EngineError", 500, "t", null, "m", null, 0, false));
                    Over();
                    break;
                case 6 when _firstIsThere:
                    _firstIsThere = false;
                    _running!.FirstLeaves();
                    AbandonIfTold();
                    break;
                case 7 when _twins.Count > 0:
                    _twins[which % _twins.Count].Leave();
                    _twins.RemoveAt(which % _twins.Count);
                    AbandonIfTold();
                    break;
            }
        }

        public void End()
        {
            _twins.ForEach(twin => twin.Leave());
            _twins.Clear();
            _running?.FirstLeaves();
            AbandonIfTold();
            Assert.Null(_running);
        }

        /// <summary>What was whole is there, or known to be gone; anything else is as if it had never been.</summary>
        public void IsSettled()
        {
            var claim = store.Claim(_key, default);
            Assert.Equal(_whole is null, claim.Outcome == ClaimOutcome.Owned);
            claim.Playback?.Dispose();
            claim.Recording?.Dispose();
        }

        private void Come()
        {
            var claim = store.Claim(_key, default);
            if (claim.Outcome == ClaimOutcome.Owned)
            {
                // Nobody generates and nothing is kept: else this would be the second bill.
                Assert.Null(_running);
                Assert.Null(_whole);
                (_running, _said, _firstIsThere) = (claim.Recording!, "", true);
                _running.Begin(Head);
            }
            else if (claim.Outcome == ClaimOutcome.Attached)
            {
                var twin = new Listener(claim.Playback!, (_running ?? _kept)!);
                twin.Hear();
                // From the first byte.
                Assert.StartsWith(twin.Heard, _whole ?? _said, StringComparison.Ordinal);
                _twins.Add(twin);
            }
            else
            {
                Assert.Equal(ClaimOutcome.Unavailable, claim.Outcome);
            }
        }

        private void Say(int which)
        {
            if (_running is null)
            {
                return;
            }

            var text = string.Concat(
                Enumerable.Range(0, 1 + (which * 20)).Select(i => (char)('a' + ((_said.Length + i) % 26)))
            );
            var bytes = Encoding.ASCII.GetBytes(text).AsSpan();
            while (bytes.Length > 0)
            {
                if (!_running.TryGetMemory(0, out var memory))
                {
                    if (_running.State != RecordingState.Unkept)
                    {
                        _running.GiveUpKeeping(default);
                    }

                    AbandonIfTold();
                    return;
                }

                var count = Math.Min(memory.Length, bytes.Length);
                bytes[..count].CopyTo(memory.Span);
                _running.Advance(count);
                bytes = bytes[count..];
            }

            _running.Publish();
            _said += text;
        }

        private void Keep()
        {
            store.Keep(_running!);
            _kept = _running;
            _whole = _said;
            foreach (var twin in _twins)
            {
                if (twin.Hear() == RecordingState.Whole)
                {
                    Assert.Equal(_whole, twin.Heard);
                }
            }

            (_running, _firstIsThere) = (null, false);
        }

        private void AbandonIfTold()
        {
            if (_running is { IsAbandoned: true })
            {
                _running.Withdraw();
                Over();
            }
        }

        private void Over()
        {
            (_running, _firstIsThere) = (null, false);
            foreach (var twin in _twins)
            {
                Assert.NotEqual(RecordingState.Whole, twin.Hear());
                twin.Leave();
            }

            _twins.Clear();
        }
    }

    /// <param name="recording">Read directly: a read that waits would go on beside the next one.</param>
    private sealed class Listener(Playback playback, Recording recording)
    {
        private RecordingPlace _place;

        public string Heard { get; private set; } = "";

        /// <summary>Everything that is there now.</summary>
        public RecordingState Hear()
        {
            while (true)
            {
                var state = recording.Read(ref _place, out var payload, out _);
                if (payload.IsEmpty)
                {
                    return state;
                }

                Heard += Encoding.ASCII.GetString(payload.Span);
            }
        }

        public void Leave() => playback.Dispose();
    }
}

using FsCheck.Xunit;
using Penstock.Idempotency;
using Penstock.Storage.Redis;
using Penstock.Tests.Idempotency;

namespace Penstock.Tests.Storage.Redis;

/// <summary>A node that is killed at any point of a generation, with another that has the same request.</summary>
public sealed class TwinKillProperties(RedisServer server) : IClassFixture<RedisServer>
{
    private static readonly AnswerHead Head = new("id", 200, true, "org/m", "m", "vllm", "deployment");
    private long _micros = 1_000_000_000_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="parts">Lengths of what is generated, one after the other.</param>
    /// <param name="kill">After which step of the first node's.</param>
    /// <param name="twinAt">Before which step the twin comes to the other node.</param>
    [Property(MaxTest = 60, EndSize = 40)]
    public async Task No_finished_answer_is_billed_twice(byte[] parts, byte kill, byte twinAt, bool inTheMiddle)
    {
        var prefix = Guid.NewGuid().ToString("N");
        var clock = new RedisClock(() => Interlocked.Read(ref _micros));
        await using var one = await TwinNode.OpenAsync(server.Connection, prefix, clock);
        await using var other = await TwinNode.OpenAsync(server.Connection, prefix, clock);
        var key = IdempotencyKey.Of(Guid.NewGuid(), "key");
        var bills = 0;
        var steps = parts.Length + 3;
        var (killAfter, comesBefore) = (kill % (steps + 1), twinAt % (steps + 1));

        var first = (await one.Store.ClaimAsync(key, default, Stop)).Recording!;
        Task<string>? twin = null;
        for (var step = 0; step <= steps; step++)
        {
            twin ??= step == comesBefore ? AskAsync() : null;
            if (step == killAfter)
            {
                await one.KillAsync();
            }
            else if (!one.IsKilled)
            {
                await StepAsync(step);
            }
        }

        if (one.IsKilled)
        {
            // Its lease ends.
            Interlocked.Add(ref _micros, 2 * one.Answers.Lease.Ticks / TimeSpan.TicksPerMicrosecond);
        }

        var text = Text(parts.Length);
        Assert.Equal(text, await (twin ?? AskAsync()));
        Assert.Equal(text, await AskAsync());
        // None: killed between keeping and billing.
        Assert.InRange(bills, 0, 1);

        async Task StepAsync(int step)
        {
            if (step == 0)
            {
                first.Begin(Head);
            }
            else if (step <= parts.Length)
            {
                IdempotencyStoreContract.Write(first, Text(step)[Text(step - 1).Length..]);
            }
            else if (step == parts.Length + 1)
            {
                var keeping = one.Store.KeepAsync(first).AsTask();
                if (inTheMiddle && killAfter > step)
                {
                    await one.KillAsync();
                    return;
                }

                await keeping;
            }
            else if (step == parts.Length + 2)
            {
                bills++;
            }
        }

        async Task<string> AskAsync()
        {
            while (true)
            {
                var claim = await other.Store.ClaimAsync(key, default, Stop);
                if (claim.Recording is { } recording)
                {
                    recording.Begin(Head);
                    IdempotencyStoreContract.Write(recording, Text(parts.Length));
                    await other.Store.KeepAsync(recording);
                    bills++;
                    return Text(parts.Length);
                }

                using var playback = claim.Playback!;
                if (await playback.EndAsync(Stop) == RecordingState.Whole)
                {
                    return await IdempotencyStoreContract.HearAsync(playback);
                }
            }
        }

        string Text(int count) =>
            string.Concat(
                parts.Take(count).Select((length, number) => new string((char)('a' + (number % 26)), length * 100))
            );
    }
}

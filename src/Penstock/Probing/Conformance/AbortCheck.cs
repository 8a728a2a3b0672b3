using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>
/// Whether a call that is hung up on ends in the engine: its count of running requests must fall well before the answer
/// would have been over by itself. Where others use the engine meanwhile, or it is too fast to be watched, nothing is
/// found.
/// </summary>
internal static class AbortCheck
{
    /// <summary>Seconds of work on slow hardware, and an end in sight on an engine that does not stop.</summary>
    private const int MostTokens = 12;

    /// <summary>With fewer there is nothing left to be spared once the pace is known.</summary>
    private const int FewestTokens = 8;

    /// <summary>Pieces of the answer from which the pace is taken.</summary>
    private const int PiecesSeen = 3;

    /// <summary>A rest that is shorter is over before the load has been read a few times.</summary>
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(150);

    private static readonly TimeSpan BetweenReadings = TimeSpan.FromMilliseconds(20);

    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        var tokens = Math.Min(MostTokens, probe.Budget.TokensLeft);
        if (tokens < FewestTokens || await probe.RunningAsync(stop) is not { } usual)
        {
            return card;
        }

        TimeSpan rest;
        using (var answer = await probe.OpenAsync(tokens, stop))
        {
            if (
                answer is not { IsSuccessStatusCode: true }
                || await PaceAsync(answer, probe.Time, stop) is not { } pace
            )
            {
                return card;
            }

            rest = pace * (tokens - PiecesSeen);
            if (rest < ShortestRest || await probe.RunningAsync(stop) != usual + 1)
            {
                return card;
            }
        }

        return card with
        {
            AbortFreesSlot = await WatchAsync(probe, usual, rest, stop),
        };
    }

    private static async Task<Finding> WatchAsync(ProbeSession probe, int usual, TimeSpan rest, CancellationToken stop)
    {
        var left = probe.Time.GetTimestamp();
        while (true)
        {
            var running = await probe.RunningAsync(stop);
            var share = probe.Time.GetElapsedTime(left) / rest;
            if (running <= usual)
            {
                return share switch
                {
                    < 0.6 => Finding.Yes,
                    > 0.9 => Finding.No,
                    _ => Finding.Unknown,
                };
            }

            // Counted still when it must be over: an engine without work does not renew what it counts.
            if (running is null || share > 2)
            {
                return Finding.Unknown;
            }

            await Task.Delay(BetweenReadings, probe.Time, stop);
        }
    }

    /// <summary>From piece to piece of an answer; null: it ended too soon.</summary>
    private static async Task<TimeSpan?> PaceAsync(
        HttpResponseMessage answer,
        TimeProvider time,
        CancellationToken stop
    )
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
        var (pieces, first) = (0, 0L);
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (!AnswerParts.HasText(line))
            {
                continue;
            }

            pieces++;
            if (pieces == 1)
            {
                first = time.GetTimestamp();
            }
            else if (pieces == PiecesSeen)
            {
                return time.GetElapsedTime(first) / (PiecesSeen - 1);
            }
        }

        return null;
    }
}

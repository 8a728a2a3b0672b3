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

    /// <summary>The share of the rest before which the slot must be free, if hanging up has freed it.</summary>
    private const double Early = 0.5;

    /// <summary>The share after which the answer may have ended by itself: its pace is known to a third.</summary>
    private const double Late = 0.7;

    private static readonly TimeSpan BetweenReadings = TimeSpan.FromMilliseconds(20);

    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        var tokens = Math.Min(MostTokens, probe.Budget.TokensLeft);
        if (tokens < FewestTokens || await probe.RunningAsync(stop) is not { } usual)
        {
            return card;
        }

        (TimeSpan Shortest, TimeSpan Longest) rest;
        using (var answer = await probe.OpenAsync(tokens, stop))
        {
            if (
                answer is not { IsSuccessStatusCode: true }
                || await PaceAsync(answer, probe.Time, stop) is not { } pace
            )
            {
                return card;
            }

            rest = (pace.Shortest * (tokens - PiecesSeen), pace.Longest * (tokens - PiecesSeen));
            // An engine that looks for its caller once a second does not come to it.
            var isTooShort = rest.Shortest < ShortestRest || rest.Shortest < 2 * probe.Engine.Engine.AbortLag;
            if (isTooShort || await probe.RunningAsync(stop) != usual + 1)
            {
                return card;
            }
        }

        return card with
        {
            AbortFreesSlot = await WatchAsync(probe, usual, rest, stop),
        };
    }

    /// <param name="rest">What would be left of the answer, as the slowest and as the fastest reading of its pace has it.</param>
    private static async Task<Finding> WatchAsync(
        ProbeSession probe,
        int usual,
        (TimeSpan Shortest, TimeSpan Longest) rest,
        CancellationToken stop
    )
    {
        var left = probe.Time.GetTimestamp();
        while (true)
        {
            var asked = probe.Time.GetElapsedTime(left);
            var running = await probe.RunningAsync(stop);
            if (running <= usual)
            {
                // Free for certain when the answer came; taken still at the reading before, a moment earlier.
                return probe.Time.GetElapsedTime(left) < Early * rest.Shortest ? Finding.Yes
                    : asked > Late * rest.Longest ? Finding.No
                    : Finding.Unknown;
            }

            // Counted still when it must be over: an engine without work does not renew what it counts.
            if (running is null || asked > 2 * rest.Longest)
            {
                return Finding.Unknown;
            }

            await Task.Delay(BetweenReadings, probe.Time, stop);
        }
    }

    /// <summary>
    /// The shortest and the longest time from piece to piece of an answer: what reads them may be late itself. Null: it
    /// ended too soon.
    /// </summary>
    private static async Task<(TimeSpan Shortest, TimeSpan Longest)?> PaceAsync(
        HttpResponseMessage answer,
        TimeProvider time,
        CancellationToken stop
    )
    {
        // Left open: closing it would be the hanging up.
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(stop), leaveOpen: true);
        var moments = new List<long>(PiecesSeen);
        while (moments.Count < PiecesSeen)
        {
            if (await reader.ReadLineAsync(stop) is not { } line)
            {
                return null;
            }

            if (AnswerParts.HasText(line))
            {
                moments.Add(time.GetTimestamp());
            }
        }

        var gaps = moments.Zip(moments.Skip(1), time.GetElapsedTime).ToList();
        return (gaps.Min(), gaps.Max());
    }
}

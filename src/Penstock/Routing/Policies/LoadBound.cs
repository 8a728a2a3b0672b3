using System.Runtime.InteropServices;

namespace Penstock.Routing.Policies;

/// <summary>
/// How much work a replica may have: so many times its share of what is under way, and of what was given out of late.
/// What is under way says nothing of a quiet deployment, where there is one request at a time; the recent past does.
/// </summary>
/// <param name="load">Requests under way on all candidates, the new one included.</param>
/// <param name="recent">Requests that the candidates were given of late.</param>
/// <param name="weight">The candidates' weights together.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly struct LoadBound(double load, double recent, double weight)
{
    /// <summary>Requests per replica that are remembered: a few minutes of a busy one.</summary>
    private const int Window = 256;

    /// <summary>Recent requests that any replica may have: so few are chance and not load, and a warm cache is worth more.</summary>
    private const double Few = 16;

    /// <summary>Requests that any replica may have at once: an engine batches so many at the cost of one.</summary>
    private const double FewAtOnce = 4;

    public static LoadBound Of(ReadOnlySpan<Candidate> candidates)
    {
        var (load, recent, weight) = (1.0, 0.0, 0.0);
        foreach (ref readonly var candidate in candidates)
        {
            load += candidate.Load;
            recent += candidate.Replica.RecentWork;
            weight += candidate.Weight;
        }

        if (recent > Window * candidates.Length)
        {
            Fade(candidates);
            recent /= 2;
        }

        return new LoadBound(load, recent, weight);
    }

    public bool HasRoom(in Candidate candidate)
    {
        var share = candidate.Weight / weight * PrefixPolicy.Bound;
        return candidate.Load + 1 <= Math.Max(Math.Ceiling(share * load), FewAtOnce)
            && candidate.Replica.RecentWork + 1 <= Math.Max(share * (recent + 1), Few);
    }

    private static void Fade(ReadOnlySpan<Candidate> candidates)
    {
        foreach (ref readonly var candidate in candidates)
        {
            candidate.Replica.RecentWork /= 2;
        }
    }
}

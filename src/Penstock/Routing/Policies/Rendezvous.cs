using Penstock.Primitives;

namespace Penstock.Routing.Policies;

/// <summary>
/// Highest random weight: each replica draws a number from the key and its own name, the highest wins. All gateways draw
/// alike, and a replica that leaves moves only the keys it had.
/// </summary>
internal static class Rendezvous
{
    /// <summary>A replica of twice the weight wins twice the keys.</summary>
    public static double Draw(ulong key, ulong replica, double weight) =>
        weight / -Math.Log(StableHash.ToUnit(StableHash.Mix(key, replica)));

    /// <summary>Puts the best <paramref name="count"/> by score in front, the best of all first.</summary>
    public static void BringForward(Span<Candidate> candidates, int count)
    {
        for (var place = 0; place < count; place++)
        {
            var best = place;
            for (var i = place + 1; i < candidates.Length; i++)
            {
                best = candidates[i].Score > candidates[best].Score ? i : best;
            }

            (candidates[place], candidates[best]) = (candidates[best], candidates[place]);
        }
    }
}

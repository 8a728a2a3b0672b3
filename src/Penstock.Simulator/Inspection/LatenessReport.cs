using System.Globalization;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Inspection;

/// <summary>
/// How late the simulator itself was, against its own schedule: who measures a gateway looks here first, or takes an
/// overloaded simulator for a slow gateway.
/// </summary>
internal static class LatenessReport
{
    private static readonly (string Name, double Share)[] Shares =
    [
        ("p50", 0.5),
        ("p90", 0.9),
        ("p99", 0.99),
        ("p999", 0.999),
    ];

    public static HttpReply Json(LatenessHistogram lateness)
    {
        var shares = Shares.Select(s =>
            string.Create(CultureInfo.InvariantCulture, $"\"{s.Name}\":{lateness.Percentile(s.Share)}")
        );
        var buckets = lateness.Buckets.Select(b =>
            string.Create(CultureInfo.InvariantCulture, $"[{b.UpToMicroseconds},{b.Count}]")
        );
        return HttpReply.JsonText(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"tokens\":{lateness.Count},\"late_us\":{{{string.Join(',', shares)},\"max\":{lateness.MaxMicroseconds}}},\"buckets\":[{string.Join(',', buckets)}]}}"
            )
        );
    }

    /// <summary>One line for a terminal; null where nothing was due at a time.</summary>
    public static string? Line(LatenessHistogram lateness) =>
        lateness.Count == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"simulate: {lateness.Count} tokens had a time to be sent at; late by {lateness.Percentile(0.5)} µs (half), {lateness.Percentile(0.99)} µs (99 %), {lateness.MaxMicroseconds} µs (worst)"
            );
}

using System.Globalization;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Inspection;

/// <summary>All counters as one flat JSON object.</summary>
internal static class CounterList
{
    public static HttpReply Json(SimulatorCounters c)
    {
        (string Name, long Value)[] values =
        [
            ("requests", c.Requests),
            ("generations", c.Generations),
            ("running", c.Running),
            ("waiting", c.Waiting),
            ("completed", c.Completed),
            ("aborted", c.Aborted),
            ("aborted_before_first", c.AbortedBeforeFirst),
            ("faulted", c.Faulted),
            ("crashes", c.Crashes),
            ("refused", c.Refused),
            ("bad_requests", c.BadRequests),
            ("prompt_tokens", c.PromptTokens),
            ("generated_tokens", c.GeneratedTokens),
            ("sent_tokens", c.SentTokens),
            ("probe_tokens", c.ProbeTokens),
            ("drained_reads", c.DrainedReads),
            ("prefix_queries", c.PrefixQueries),
            ("prefix_hits", c.PrefixHits),
            ("evictions", c.Evictions),
            ("preemptions", c.Preemptions),
            ("kv_used_blocks", c.KvUsedBlocks),
            ("steps", c.Steps),
            ("connections", c.Connections),
            ("open_connections", c.OpenConnections),
            ("last_abort_us", c.LastAbortMicroseconds),
            ("max_abort_us", c.MaxAbortMicroseconds),
            ("late_us_p50", c.Lateness.Percentile(0.5)),
            ("late_us_p99", c.Lateness.Percentile(0.99)),
            ("late_us_max", c.Lateness.MaxMicroseconds),
        ];
        return HttpReply.JsonText(
            $"{{{string.Join(',', values.Select(v => string.Create(CultureInfo.InvariantCulture, $"\"{v.Name}\":{v.Value}")))}}}"
        );
    }
}

using System.Globalization;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Inspection;

/// <summary>The simulator's own routes under <c>/sim</c>, which no engine has.</summary>
internal sealed class InspectionRoutes(EngineState engine, RequestLog log)
{
    /// <returns>Null when the path is not one of these.</returns>
    public HttpReply? Answer(HttpRequest request) =>
        (request.Method, request.Path) switch
        {
            ("GET", "/sim/counters") => Counters(),
            ("GET", "/sim/requests") => Requests(request.Target),
            ("POST", "/sim/reset") => Reset(),
            _ => null,
        };

    private HttpReply Reset()
    {
        engine.Counters.Reset();
        log.Clear();
        return HttpReply.JsonText("{}");
    }

    private HttpReply Counters()
    {
        var c = engine.Counters;
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
            ("refused", c.Refused),
            ("bad_requests", c.BadRequests),
            ("health_tokens", c.HealthTokens),
            ("drained_reads", c.DrainedReads),
            ("prompt_tokens", c.PromptTokens),
            ("generated_tokens", c.GeneratedTokens),
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

    /// <summary>The remembered requests, oldest first; <c>?last=N</c> only the newest N.</summary>
    private HttpReply Requests(string target)
    {
        var requests = log.Requests;
        var at = target.IndexOf("last=", StringComparison.Ordinal);
        var last =
            at >= 0 && int.TryParse(target.AsSpan(at + 5), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                ? n
                : int.MaxValue;
        var output = new ByteBuffer(4096).Add("{\"requests\":["u8);
        foreach (var (request, i) in requests.Skip(Math.Max(requests.Count - last, 0)).Select((r, i) => (r, i)))
        {
            output.Add(i == 0 ? "{\"number\":"u8 : ",{\"number\":"u8).Add(request.Number);
            output.Add(",\"request_line\":"u8).AddQuoted(request.RequestLine).Add(",\"headers\":["u8);
            for (var h = 0; h < request.Headers.Count; h++)
            {
                output.Add(h == 0 ? "["u8 : ",["u8).AddQuoted(request.Headers[h].Key).Add((byte)',');
                output.AddQuoted(request.Headers[h].Value).Add((byte)']');
            }

            output.Add("],\"body_base64\":\""u8).Add(Convert.ToBase64String(request.Body.Span)).Add("\"}"u8);
        }

        return new HttpReply(200, HttpReply.Json, output.Add("]}"u8).ToArray());
    }
}

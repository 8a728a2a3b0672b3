using System.Globalization;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Inspection;

/// <summary>The simulator's own routes under <c>/sim</c>, which no engine has.</summary>
internal sealed class InspectionRoutes(EngineState engine, RequestLog log, StandingFaults faults, FaultRoutes changes)
{
    /// <returns>Null when the path is not one of these.</returns>
    public async ValueTask<HttpReply?> AnswerAsync(HttpRequest request, Exchange exchange) =>
        (request.Method, request.Path) switch
        {
            ("GET", "/sim/counters") => CounterList.Json(engine.Counters),
            ("GET", "/sim/lateness") => LatenessReport.Json(engine.Counters.Lateness),
            ("GET", "/sim/requests") => ReceivedList.Json(Last(log.Requests, request)),
            ("GET", "/sim/generations") => GenerationList.Json(Last(Generations(request), request)),
            ("POST", "/sim/reset") => Reset(),
            ("GET", "/sim/faults") => changes.Show(),
            ("POST", "/sim/faults") => changes.Set(request),
            ("POST", "/sim/die") => await changes.DieAsync(request, exchange),
            ("POST", "/sim/revive") => changes.Revive(),
            _ => null,
        };

    private HttpReply Reset()
    {
        engine.Reset();
        log.Clear();
        faults.Restart();
        return HttpReply.JsonText("{}");
    }

    /// <summary>Those of one request where <c>?request=</c> names it.</summary>
    private IReadOnlyList<GenerationRecord> Generations(HttpRequest request) =>
        QueryText.Value(request.Target, "request") is { } id
            ? [.. engine.Generations.Records.Where(r => id.Equals(r.RequestId, StringComparison.Ordinal))]
            : engine.Generations.Records;

    /// <summary><c>?last=N</c>: only the newest N.</summary>
    private static IEnumerable<T> Last<T>(IReadOnlyList<T> all, HttpRequest request) =>
        int.TryParse(
            QueryText.Value(request.Target, "last"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var last
        )
            ? all.Skip(Math.Max(all.Count - last, 0))
            : all;
}

using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Trtllm;

/// <summary>trtllm-serve's routes. It knows no keys.</summary>
internal sealed class TrtllmRoutes
{
    private const string Newest = "1.3.0";

    private readonly RouteTable _routes;

    public TrtllmRoutes(SimulatorOptions options)
    {
        var iterations = new TrtllmIterations();
        _routes = new RouteTable(
            ("/v1/chat/completions", "POST", null),
            ("/v1/models", "GET", (_, e) => ModelList.Of(e, (output, model) => Card(output, e, model))),
            ("/health", "GET", (_, _) => HttpReply.Empty()),
            ("/health_generate", "GET", (_, e) => Generate(e)),
            (
                "/version",
                "GET",
                (_, _) => HttpReply.JsonText($$"""{"version":"{{options.EngineVersion ?? Newest}}"}""")
            ),
            ("/metrics", "GET", (_, e) => iterations.Drain(e)),
            ("/prometheus/metrics", "GET", (_, e) => options.Metrics ? TrtllmMetrics.Answer(e) : ErrorJson.Detail(404)),
            ("/perf_metrics", "GET", (_, _) => HttpReply.JsonText("[]"))
        );
    }

    /// <returns>Null for a chat completion.</returns>
    public HttpReply? Answer(HttpRequest request, EngineState engine) =>
        _routes.Answer(request, engine, () => ErrorJson.Detail(404), verbs => ErrorJson.Detail(405).WithAllow(verbs));

    private static HttpReply Generate(EngineState engine)
    {
        engine.Counters.Probe(1);
        return HttpReply.Empty();
    }

    private static void Card(ByteBuffer output, EngineState engine, string model) =>
        output
            .Add("{\"id\":"u8)
            .AddQuoted(model)
            .Add(",\"object\":\"model\",\"created\":"u8)
            .Add(engine.Started)
            .Add(",\"owned_by\":\"tensorrt_llm\"}"u8);
}

using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Tgi;

/// <summary>TGI's routes. A key leaves open what tells of the server, the list of models too.</summary>
internal sealed class TgiRoutes
{
    private static readonly string[] Open =
    [
        "/",
        "/health",
        "/ping",
        "/info",
        "/metrics",
        "/v1/models",
        "/chat_tokenize",
    ];

    private readonly RouteTable _routes = new(
        ("/v1/chat/completions", "POST", null),
        ("/v1/models", "GET", (_, e) => ModelList.Of(e, (output, model) => Card(output, model))),
        ("/", "GET", (_, _) => HttpReply.Empty()),
        ("/health", "GET", (_, _) => HttpReply.Empty()),
        ("/ping", "GET", (_, _) => HttpReply.Empty()),
        ("/info", "GET", (_, e) => Info(e)),
        ("/metrics", "GET", (_, e) => Metrics(e))
    );

    /// <returns>Null for a chat completion.</returns>
    public HttpReply? Answer(HttpRequest request, EngineState engine)
    {
        var isOpen = Open.Contains(request.Path, StringComparer.Ordinal);
        return !isOpen && engine.Options.ApiKey is { } key && !BearerKey.IsWith(request, key)
            ? HttpReply.Empty(401)
            : _routes.Answer(
                request,
                engine,
                () => HttpReply.Empty(404),
                verbs => HttpReply.Empty(405).WithAllow(verbs)
            );
    }

    private static void Card(ByteBuffer output, string model) =>
        output
            .Add("{\"id\":"u8)
            .AddQuoted(model)
            .Add(",\"object\":\"model\",\"created\":0,\"owned_by\":"u8)
            .AddQuoted(model)
            .Add((byte)'}');

    private static HttpReply Info(EngineState engine) =>
        new(
            200,
            HttpReply.Json,
            new ByteBuffer(256)
                .Add("{\"model_id\":"u8)
                .AddQuoted(engine.Options.Models[0])
                .Add(",\"model_sha\":null,\"max_concurrent_requests\":"u8)
                .Add(engine.Options.MaxRunning > 0 ? engine.Options.MaxRunning : 128)
                .Add(",\"max_input_tokens\":"u8)
                .Add(engine.Options.MaxModelLen - 1)
                .Add(",\"max_total_tokens\":"u8)
                .Add(engine.Options.MaxModelLen)
                .Add(",\"router\":\"text-generation-router\",\"version\":"u8)
                .AddQuoted(engine.Options.EngineVersion ?? TgiAnswer.Version)
                .Add((byte)'}')
                .ToArray()
        );

    private static HttpReply Metrics(EngineState engine)
    {
        var c = engine.Counters;
        return new PrometheusText(labels: "", asPython: false)
            .Gauge("tgi_queue_size", "Requests that wait.", c.Waiting)
            .Gauge("tgi_batch_current_size", "Requests in the batch.", c.Running)
            .Counter("tgi_request_count", "Requests.", c.Generations)
            .Counter("tgi_request_success", "Requests answered.", c.Completed)
            .Reply("text/plain; charset=utf-8");
    }
}

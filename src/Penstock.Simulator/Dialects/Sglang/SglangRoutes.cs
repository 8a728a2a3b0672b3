using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Sglang;

/// <summary>
/// SGLang's routes. <c>/health</c> may generate a token and <c>/health_generate</c> always does: both are counted.
/// </summary>
internal sealed class SglangRoutes
{
    private const string Newest = "0.5.9";
    private const string CardRoute = "/v1/models/";

    private readonly RouteTable _routes;

    public SglangRoutes(SimulatorOptions options)
    {
        var version = options.EngineVersion ?? Newest;
        _routes = new RouteTable(
            ("/v1/chat/completions", "POST", null),
            ("/v1/models", "GET", (_, e) => ModelList.Of(e, (output, model) => Card(output, e, model))),
            (CardRoute + "*", "GET", (r, e) => OneModel(e, r.Path[CardRoute.Length..])),
            ("/health", "GET", (_, e) => Health(e, options.HealthGenerates)),
            ("/health_generate", "GET", (_, e) => Health(e, generates: true)),
            ("/ping", "GET", (_, e) => Health(e, generates: false)),
            ("/v1/loads", "GET", SglangLoads.Answer),
            ("/get_load", "GET", (_, e) => SglangLoads.Legacy(e)),
            ("/metrics", "GET", (_, e) => options.Metrics ? SglangMetrics.Answer(e) : ErrorJson.Detail(404)),
            ("/model_info", "GET", (_, e) => ModelInfo(e)),
            ("/get_model_info", "GET", (_, e) => ModelInfo(e)),
            ("/server_info", "GET", (_, e) => ServerInfo(e, version)),
            ("/get_server_info", "GET", (_, e) => ServerInfo(e, version)),
            ("/", "GET", (_, _) => new HttpReply(200, "text/plain; charset=utf-8", "SGLang is running"u8.ToArray()))
        );
    }

    /// <returns>Null for a chat completion.</returns>
    public HttpReply? Answer(HttpRequest request, EngineState engine)
    {
        var isOpen =
            request.Method is "OPTIONS"
            || request.Path.StartsWith("/health", StringComparison.Ordinal)
            || request.Path.StartsWith("/metrics", StringComparison.Ordinal);
        return !isOpen && engine.Options.ApiKey is { } key && !BearerKey.IsWith(request, key)
            ? SglangErrors.Unauthorized
            : _routes.Answer(
                request,
                engine,
                () => ErrorJson.Detail(404),
                verbs => ErrorJson.Detail(405).WithAllow(verbs)
            );
    }

    private static HttpReply Health(EngineState engine, bool generates)
    {
        if (!engine.IsReady)
        {
            return HttpReply.Empty(503);
        }

        if (generates)
        {
            engine.Counters.Probe(1);
        }

        return HttpReply.Empty();
    }

    private static HttpReply OneModel(EngineState engine, string model) =>
        engine.Options.Models.Contains(model, StringComparer.Ordinal)
            ? ModelList.One(output => Card(output, engine, model))
            : SglangErrors.UnknownModel(model);

    private static void Card(ByteBuffer output, EngineState engine, string model) =>
        output
            .Add("{\"id\":"u8)
            .AddQuoted(model)
            .Add(",\"object\":\"model\",\"created\":"u8)
            .Add(engine.Started)
            .Add(",\"owned_by\":\"sglang\",\"root\":"u8)
            .AddQuoted(model)
            .Add(",\"parent\":null,\"max_model_len\":"u8)
            .Add(engine.Options.MaxModelLen)
            .Add((byte)'}');

    private static HttpReply ModelInfo(EngineState engine) =>
        new(
            200,
            HttpReply.Json,
            new ByteBuffer(128)
                .Add("{\"model_path\":"u8)
                .AddQuoted(engine.Options.Models[0])
                .Add(",\"is_generation\":true,\"weight_version\":\"default\"}"u8)
                .ToArray()
        );

    private static HttpReply ServerInfo(EngineState engine, string version) =>
        new(
            200,
            HttpReply.Json,
            new ByteBuffer(256)
                .Add("{\"model_path\":"u8)
                .AddQuoted(engine.Options.Models[0])
                .Add(",\"served_model_name\":"u8)
                .AddQuoted(engine.Options.Models[0])
                .Add(",\"context_length\":"u8)
                .Add(engine.Options.MaxModelLen)
                .Add(",\"max_total_num_tokens\":"u8)
                .Add(engine.Options.KvTokens)
                .Add(",\"version\":"u8)
                .AddQuoted(version)
                .Add((byte)'}')
                .ToArray()
        );
}

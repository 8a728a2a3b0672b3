using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Llamacpp;

/// <summary>
/// llama-server's routes. While it loads every one of them answers 503, before it looks at the key; when its slots are
/// taken only <c>/slots?fail_on_no_slot=1</c> says so.
/// </summary>
internal sealed class LlamacppRoutes
{
    private static readonly string[] Open = ["/health", "/v1/health"];

    private readonly RouteTable _routes;

    public LlamacppRoutes(SimulatorOptions options, string build)
    {
        _routes = new RouteTable(
            ("/v1/chat/completions", "POST", null),
            ("/chat/completions", "POST", null),
            ("/v1/models", "GET", (_, e) => Models(e)),
            ("/models", "GET", (_, e) => Models(e)),
            ("/health", "GET", (_, _) => HttpReply.JsonText("""{"status":"ok"}""")),
            ("/v1/health", "GET", (_, _) => HttpReply.JsonText("""{"status":"ok"}""")),
            ("/props", "GET", (_, e) => Props(e, build)),
            ("/slots", "GET", Slots),
            ("/lora-adapters", "GET", (_, _) => HttpReply.JsonText("[]")),
            (
                "/metrics",
                "GET",
                (_, e) =>
                    options.Metrics
                        ? LlamacppMetrics.Answer(e)
                        : LlamacppErrors.Unsupported(
                            "This server does not support metrics endpoint. Start it with `--metrics`"
                        )
            )
        );
    }

    /// <returns>Null for a chat completion.</returns>
    public HttpReply? Answer(HttpRequest request, EngineState engine)
    {
        if (!engine.IsReady)
        {
            return LlamacppErrors.Loading;
        }

        var isOpen = request.Method is "OPTIONS" || Open.Contains(request.Path, StringComparer.Ordinal);
        if (!isOpen && engine.Options.ApiKey is { } key && !IsWith(request, key))
        {
            return LlamacppErrors.Of(401, "Invalid API Key");
        }

        var reply = _routes.Answer(
            request,
            engine,
            () => LlamacppErrors.Of(404, "File Not Found"),
            _ => LlamacppErrors.Of(404, "File Not Found")
        );
        return reply is { ContentType: HttpReply.Json } ? reply with { ContentType = LlamacppErrors.JsonType } : reply;
    }

    private static bool IsWith(HttpRequest request, string key) =>
        BearerKey.IsWith(request, key) || (request.Header("X-Api-Key") is { } given && BearerKey.IsSame(given, key));

    private static int SlotCount(EngineState engine) =>
        engine.Options.MaxRunning > 0 ? engine.Options.MaxRunning : LlamacppChatReader.DefaultSlots;

    private static HttpReply Models(EngineState engine) =>
        ModelList.Of(
            engine,
            (output, model) =>
                output
                    .Add("{\"id\":"u8)
                    .AddQuoted(model)
                    .Add(",\"aliases\":[],\"tags\":[],\"object\":\"model\",\"created\":"u8)
                    .Add(engine.Started)
                    .Add(",\"owned_by\":\"llamacpp\",\"meta\":{\"n_vocab\":128256,\"n_ctx_train\":"u8)
                    .Add(engine.Options.MaxModelLen)
                    .Add(",\"n_ctx\":"u8)
                    .Add(engine.Options.MaxModelLen)
                    .Add("}}"u8)
        );

    private static HttpReply Props(EngineState engine, string build) =>
        new(
            200,
            HttpReply.Json,
            new ByteBuffer(256)
                .Add("{\"default_generation_settings\":{\"n_ctx\":"u8)
                .Add(engine.Options.MaxModelLen)
                .Add(",\"params\":{\"temperature\":0.8,\"top_k\":40,\"top_p\":0.95,\"min_p\":0.05}},\"total_slots\":"u8)
                .Add(SlotCount(engine))
                .Add(",\"model_alias\":"u8)
                .AddQuoted(engine.Options.Models[0])
                .Add(",\"modalities\":{\"vision\":false,\"audio\":false},\"build_info\":"u8)
                .AddQuoted(build)
                .Add((byte)'}')
                .ToArray()
        );

    private static HttpReply Slots(HttpRequest request, EngineState engine)
    {
        var slots = SlotCount(engine);
        var busy = engine.Counters.Running;
        if (busy >= slots && request.Target.Contains("fail_on_no_slot", StringComparison.Ordinal))
        {
            return LlamacppErrors.Of(503, "no slot available");
        }

        var output = new ByteBuffer(256).Add((byte)'[');
        for (var i = 0; i < slots; i++)
        {
            output.Add(i == 0 ? "{\"id\":"u8 : ",{\"id\":"u8).Add(i);
            output.Add(",\"n_ctx\":"u8).Add(engine.Options.MaxModelLen / slots);
            output.Add(i < busy ? ",\"is_processing\":true}"u8 : ",\"is_processing\":false}"u8);
        }

        return new HttpReply(200, HttpReply.Json, output.Add((byte)']').ToArray());
    }
}

using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Openai;

/// <summary>OpenAI's routes: no health, no load, no metrics, and a key before everything.</summary>
internal sealed class OpenaiRoutes
{
    private const string CardRoute = "/v1/models/";

    private readonly RouteTable _routes = new(
        ("/v1/chat/completions", "POST", null),
        ("/v1/models", "GET", (_, e) => ModelList.Of(e, (output, model) => Card(output, e, model))),
        (CardRoute + "*", "GET", (r, e) => OneModel(e, r.Path[CardRoute.Length..]))
    );

    /// <returns>Null for a chat completion.</returns>
    public HttpReply? Answer(HttpRequest request, EngineState engine) =>
        engine.Options.ApiKey is { } key && !BearerKey.IsWith(request, key)
            ? OpenaiErrors.Unauthorized(request.Header("Authorization") is not null)
            : _routes.Answer(
                request,
                engine,
                () => OpenaiErrors.UnknownRoute(request),
                verbs =>
                    OpenaiErrors
                        .Reply(
                            405,
                            OpenaiErrors.Invalid,
                            $"Not allowed to {request.Method} on {request.Path} (HINT: Perhaps you meant to make a {verbs} request instead?)",
                            code: "method_not_supported"
                        )
                        .WithAllow(verbs)
            );

    private static HttpReply OneModel(EngineState engine, string model) =>
        engine.Options.Models.Contains(model, StringComparer.Ordinal)
            ? ModelList.One(output => Card(output, engine, model))
            : OpenaiErrors.UnknownModel(model);

    private static void Card(ByteBuffer output, EngineState engine, string model) =>
        output
            .Add("{\"id\":"u8)
            .AddQuoted(model)
            .Add(",\"object\":\"model\",\"created\":"u8)
            .Add(engine.Started)
            .Add(",\"owned_by\":\"system\"}"u8);
}

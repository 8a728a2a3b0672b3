using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>
/// The routes of vLLM's server that this simulator has, with its verbs; everything else is its 404.
/// </summary>
internal sealed class VllmRoutes(VllmRelease release)
{
    private readonly RouteTable _routes = new(
        ("/v1/chat/completions", "POST", null),
        ("/v1/models", "GET", (_, e) => VllmModels.List(e)),
        ("/health", "GET", (_, _) => HttpReply.Empty()),
        ("/ping", "GET, POST", (_, _) => HttpReply.Empty()),
        ("/version", "GET", (_, _) => HttpReply.JsonText($$"""{"version":"{{release.Version}}"}""")),
        ("/load", "GET", (_, e) => HttpReply.JsonText($$"""{"server_load":{{Load(e)}}}""")),
        ("/metrics", "GET", (_, e) => VllmMetrics.Answer(e, release))
    );

    private static int Load(EngineState engine) =>
        engine.Options.ServerLoadTracking ? engine.Counters.Running + engine.Counters.Waiting : 0;

    /// <returns>Null for a chat completion.</returns>
    public HttpReply? Answer(HttpRequest request, EngineState engine)
    {
        // The key guards what begins with /v1, whether there is such a route or not; the rest is open.
        var isGuarded = request.Path.StartsWith("/v1", StringComparison.Ordinal) && request.Method is not "OPTIONS";
        return isGuarded && engine.Options.ApiKey is { } key && !BearerKey.IsWith(request, key)
            ? VllmErrors.Unauthorized
            : AnswerOpen(request, engine);
    }

    public HttpReply? AnswerOpen(HttpRequest request, EngineState engine) =>
        _routes.Answer(request, engine, () => VllmErrors.NotFound, VllmErrors.MethodNotAllowed);
}

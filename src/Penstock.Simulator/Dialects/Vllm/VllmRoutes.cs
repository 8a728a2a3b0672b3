using System.Text;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>
/// The routes of vLLM's server that this simulator has, with its verbs; everything else is its 404.
/// </summary>
internal static class VllmRoutes
{
    private static readonly Dictionary<string, (string Verbs, Func<EngineState, HttpReply>? Answer)> Routes = new(
        StringComparer.Ordinal
    )
    {
        ["/v1/chat/completions"] = ("POST", null),
        ["/v1/models"] = ("GET", VllmModels.List),
        ["/health"] = ("GET", _ => HttpReply.Empty()),
        ["/ping"] = ("GET, POST", _ => HttpReply.Empty()),
        ["/version"] = ("GET", _ => HttpReply.JsonText($$"""{"version":"{{VllmDialect.Version}}"}""")),
        ["/load"] = (
            "GET",
            e => HttpReply.JsonText($$"""{"server_load":{{e.Counters.Running + e.Counters.Waiting}}}""")
        ),
        ["/metrics"] = ("GET", VllmMetrics.Answer),
    };

    /// <returns>Null for a chat completion.</returns>
    public static HttpReply? Answer(HttpRequest request, EngineState engine)
    {
        var path = request.Path;
        // The key guards what begins with /v1, whether there is such a route or not; the rest is open.
        var isGuarded = path.StartsWith("/v1", StringComparison.Ordinal) && request.Method is not "OPTIONS";
        if (isGuarded && engine.Options.ApiKey is { } key && !IsAuthorized(request, key))
        {
            return VllmErrors.Unauthorized;
        }

        if (!Routes.TryGetValue(path, out var route))
        {
            return VllmErrors.NotFound;
        }

        return route.Verbs.Split(", ").Contains(request.Method, StringComparer.Ordinal)
            ? route.Answer?.Invoke(engine)
            : VllmErrors.MethodNotAllowed(route.Verbs);
    }

    private static bool IsAuthorized(HttpRequest request, string key) =>
        request.Header("Authorization") is { } header
        && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(header["Bearer ".Length..]),
            Encoding.UTF8.GetBytes(key)
        );
}

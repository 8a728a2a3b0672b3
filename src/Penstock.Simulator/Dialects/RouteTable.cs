using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects;

/// <summary>
/// The routes that a simulated engine has, with their verbs. A route without an answer of its own is a chat
/// completion; a path that ends in a star matches what begins like it.
/// </summary>
internal sealed class RouteTable(
    params (string Path, string Verbs, Func<HttpRequest, EngineState, HttpReply>? Answer)[] routes
)
{
    private readonly Dictionary<string, (string[] Verbs, Func<HttpRequest, EngineState, HttpReply>? Answer)> _routes =
        routes.ToDictionary(r => r.Path.TrimEnd('*'), r => (r.Verbs.Split(", "), r.Answer), StringComparer.Ordinal);

    private readonly string[] _prefixes = [.. routes.Where(r => r.Path.EndsWith('*')).Select(r => r.Path.TrimEnd('*'))];

    /// <returns>Null for a chat completion.</returns>
    public HttpReply? Answer(
        HttpRequest request,
        EngineState engine,
        Func<HttpReply> notFound,
        Func<string, HttpReply> notAllowed
    )
    {
        var path = request.Path;
        if (!_routes.TryGetValue(path, out var route))
        {
            var prefix = Array.Find(_prefixes, p => path.StartsWith(p, StringComparison.Ordinal));
            if (prefix is null)
            {
                return notFound();
            }

            route = _routes[prefix];
        }

        return route.Verbs.Contains(request.Method, StringComparer.Ordinal)
            ? route.Answer?.Invoke(request, engine)
            : notAllowed(string.Join(", ", route.Verbs));
    }
}

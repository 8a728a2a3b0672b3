using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Runpod;

/// <summary>
/// <c>/v2/ENDPOINT/openai/v1/…</c> and <c>/v2/ENDPOINT/health</c>. The key is RunPod's: it stands before everything.
/// </summary>
internal sealed class RunpodQueueRoutes(VllmRoute vllm)
{
    private const string Prefix = "/v2/";
    private const string OpenAi = "/openai";

    /// <returns>Null for a chat completion.</returns>
    public HttpReply? Answer(HttpRequest request, EngineState engine)
    {
        if (engine.Options.ApiKey is { } key && !BearerKey.IsWith(request, key))
        {
            return RunpodErrors.Unauthorized;
        }

        if (!TryReadEndpoint(request.Path, out var endpoint, out var rest))
        {
            return RunpodErrors.Edge(404, "not found");
        }

        if (engine.Options.EndpointId is { } id && !id.Equals(endpoint, StringComparison.Ordinal))
        {
            return RunpodErrors.NoEndpoint;
        }

        if (rest is "/health")
        {
            return request.Method is "GET" ? RunpodHealth.Answer(engine) : RunpodErrors.Edge(405, "method not allowed");
        }

        return rest.StartsWith($"{OpenAi}/", StringComparison.Ordinal)
            ? vllm(Inside(request, rest[OpenAi.Length..]), engine)
            : RunpodErrors.Edge(404, "not found");
    }

    /// <summary>The worker's own request: an empty input is asked for with GET, whatever the client's verb was.</summary>
    private static HttpRequest Inside(HttpRequest request, string target) =>
        request with
        {
            Target = target,
            Method = request.Body.Span.Trim(" \t\r\n"u8).SequenceEqual("{}"u8) ? "GET" : request.Method,
        };

    private static bool TryReadEndpoint(string path, out string endpoint, out string rest)
    {
        (endpoint, rest) = ("", "");
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var slash = path.IndexOf('/', Prefix.Length);
        if (slash <= Prefix.Length)
        {
            return false;
        }

        (endpoint, rest) = (path[Prefix.Length..slash], path[slash..]);
        return true;
    }
}

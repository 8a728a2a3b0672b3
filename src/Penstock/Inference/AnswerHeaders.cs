using Microsoft.Net.Http.Headers;

namespace Penstock.Inference;

/// <summary>The headers that say who answered, and how a stream is to be handled on its way.</summary>
internal static class AnswerHeaders
{
    public const string EventStream = "text/event-stream; charset=utf-8";

    public static void WriteRoute(IHeaderDictionary headers, InferenceRecord record)
    {
        var route = record.Route!;
        headers["X-Model-Used"] = route.UpstreamModelHeader;
        headers["X-Route-Model"] = record.Asked!.ModelHeader;
        headers["X-Backend"] = route.Deployment.Backend;
        headers["X-Deployment-Id"] = route.DeploymentId;
    }

    public static void WriteStream(HttpResponse response)
    {
        response.ContentType = EventStream;
        response.Headers[HeaderNames.CacheControl] = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}

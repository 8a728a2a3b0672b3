using Microsoft.Net.Http.Headers;
using Penstock.Idempotency;

namespace Penstock.Inference;

/// <summary>The headers that say who answered, and how a stream is to be handled on its way.</summary>
internal static class AnswerHeaders
{
    public const string Json = "application/json";
    public const string EventStream = "text/event-stream; charset=utf-8";

    public static void WriteRoute(IHeaderDictionary headers, InferenceRecord record)
    {
        var route = record.Route!;
        headers["X-Model-Used"] = route.UpstreamModelHeader;
        headers["X-Route-Model"] = record.Asked!.ModelHeader;
        headers["X-Backend"] = route.Deployment.Backend;
        headers["X-Deployment-Id"] = route.DeploymentId;
    }

    /// <summary>The head of an answer that another request got.</summary>
    public static void WriteReplay(HttpResponse response, Playback playback)
    {
        var head = playback.Head!;
        response.StatusCode = head.Status;
        response.Headers["X-Model-Used"] = head.ModelUsed;
        response.Headers["X-Route-Model"] = head.RouteModel;
        response.Headers["X-Backend"] = head.Backend;
        response.Headers["X-Deployment-Id"] = head.DeploymentId;
        response.Headers[IdempotencyHeader.Replayed] = "true";
        response.Headers[IdempotencyHeader.ReplayedFrom] = head.RequestId;
        if (head.IsStream)
        {
            WriteStream(response);
        }
        else
        {
            response.ContentType = Json;
            response.ContentLength = playback.Length;
        }
    }

    public static void WriteStream(HttpResponse response)
    {
        response.ContentType = EventStream;
        response.Headers[HeaderNames.CacheControl] = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}

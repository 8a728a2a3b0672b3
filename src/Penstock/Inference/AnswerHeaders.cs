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
        Write(
            headers,
            route.UpstreamModelHeader,
            record.Asked!.ModelHeader,
            route.Deployment.Backend,
            route.DeploymentId
        );
    }

    /// <summary>The head of an answer that another request got.</summary>
    public static void WriteReplay(HttpResponse response, Playback playback)
    {
        var head = playback.Head!;
        response.StatusCode = head.Status;
        Write(response.Headers, head.ModelUsed, head.RouteModel, head.Backend, head.DeploymentId);
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

    private static void Write(
        IHeaderDictionary headers,
        string modelUsed,
        string routeModel,
        string backend,
        string deploymentId
    )
    {
        headers["X-Model-Used"] = modelUsed;
        headers["X-Route-Model"] = routeModel;
        headers["X-Backend"] = backend;
        headers["X-Deployment-Id"] = deploymentId;
    }
}

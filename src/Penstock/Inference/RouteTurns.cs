using Penstock.Forwarding;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>What every turn of a deployment needs, whoever asks.</summary>
internal sealed class RouteTurns(
    InferenceAttempt attempt,
    HedgedAttempt hedged,
    RetryPolicy policy,
    OutgoingBody bodies,
    TimeProvider time
)
{
    public InferenceAttempt Attempt => attempt;

    public HedgedAttempt Hedged => hedged;

    public RetryPolicy Policy => policy;

    public TimeProvider Time => time;

    /// <param name="isLast">No other deployment may answer when this one cannot.</param>
    public RouteTurn Begin(Caller caller, ChatRequest request, ModelRoute route, bool isLast)
    {
        var record = caller.Record;
        record.Route = route;
        record.Trace?.Turn(route);
        route.Retries.Earn();
        return new RouteTurn(this, caller, request, route, isLast) { Upstream = CreateRequest(caller, request, route) };
    }

    private UpstreamRequest CreateRequest(Caller caller, ChatRequest request, ModelRoute route)
    {
        var headers = caller.Context.Request.Headers;
        return new UpstreamRequest
        {
            RequestId = caller.Record.RequestId,
            TraceParent = headers.TraceParent,
            TraceState = headers.TraceState,
            Stream = request.Envelope.Stream,
            Body = bodies.Of(request, route, caller.Record.Grant!),
        };
    }
}

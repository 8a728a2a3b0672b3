namespace Penstock.Routing.Explaining;

/// <summary>
/// The ways of the latest requests, in bounded memory. Those that went smoothly and those that did not have a ring each,
/// so that a busy hour does not push out what somebody will ask about.
/// </summary>
internal sealed class Explanations(RoutingOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly TraceRing _smooth = new(options.ExplainedRequests);
    private readonly TraceRing _troubled = new(options.ExplainedTroubles);
    private readonly Stack<RouteTrace> _spare = [];

    public RouteTrace Begin(string requestId, long started)
    {
        var trace = Rent();
        trace.Begin(requestId, started);
        return trace;
    }

    /// <summary>The request is over; from here on the trace is not the caller's any more.</summary>
    /// <param name="troubled">It waited, was tried more than once, or got no answer.</param>
    public void Keep(RouteTrace trace, bool troubled)
    {
        lock (_gate)
        {
            if ((troubled ? _troubled : _smooth).Push(trace) is { } old)
            {
                _spare.Push(old);
            }
        }
    }

    /// <summary>Reads the trace of a request; it must not be kept, it will be another's.</summary>
    /// <returns>Null: the request is unknown, still under way, or too long ago.</returns>
    public T? Read<T>(string requestId, Func<RouteTrace, T> read)
        where T : class
    {
        lock (_gate)
        {
            return (_troubled.Find(requestId) ?? _smooth.Find(requestId)) is { } trace ? read(trace) : null;
        }
    }

    private RouteTrace Rent()
    {
        lock (_gate)
        {
            if (_spare.TryPop(out var spare))
            {
                return spare;
            }
        }
        return new RouteTrace(time);
    }
}

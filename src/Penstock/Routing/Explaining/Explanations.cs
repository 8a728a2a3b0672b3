namespace Penstock.Routing.Explaining;

/// <summary>
/// The ways of the latest requests, in bounded memory. Those that went smoothly and those that did not have a ring each,
/// so that a busy hour does not push out what somebody will ask about.
/// </summary>
internal sealed class Explanations(RoutingOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Stack<RouteTrace> _spare = [];

    /// <summary>One that was given back just now: whoever comes next takes it without the lock.</summary>
    private RouteTrace? _latest;
    private TraceNames _names = new();
    private TraceRing _smooth = new(options.ExplainedBytes);
    private TraceRing _troubled = new(options.ExplainedTroubleBytes);

    /// <param name="started">Timestamp of the request's first step.</param>
    /// <param name="startedAt">The same moment by the clock on the wall.</param>
    public RouteTrace Begin(Guid requestId, long started, DateTimeOffset startedAt)
    {
        var trace = Interlocked.Exchange(ref _latest, null) ?? Rent();
        trace.Begin(requestId, started, startedAt, Volatile.Read(ref _names));
        return trace;
    }

    /// <summary>The request is over, and the trace has been told so; from here on it is not the caller's any more.</summary>
    /// <param name="troubled">It waited, was tried more than once, or got no answer.</param>
    public void Keep(RouteTrace trace, bool troubled)
    {
        lock (_gate)
        {
            // Of names that are forgotten by now it knows the numbers only.
            if (trace.Names == _names)
            {
                (troubled ? _troubled : _smooth).Push(trace.RequestId, trace.Head, trace.Steps);
            }

            if (_names.IsFull)
            {
                Forget();
            }

            if (Interlocked.CompareExchange(ref _latest, trace, null) is not null)
            {
                _spare.Push(trace);
            }
        }
    }

    /// <returns>Null: the request is unknown, still under way, or too long ago.</returns>
    public ToldTrace? Read(Guid requestId)
    {
        lock (_gate)
        {
            var bytes = _troubled.Find(requestId);
            bytes = bytes.IsEmpty ? _smooth.Find(requestId) : bytes;
            return bytes.IsEmpty ? null : TraceForm.Read(requestId, bytes, _names);
        }
    }

    private void Forget() =>
        (_names, _smooth, _troubled) = (new(), new(options.ExplainedBytes), new(options.ExplainedTroubleBytes));

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

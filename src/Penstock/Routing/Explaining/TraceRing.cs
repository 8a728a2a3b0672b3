namespace Penstock.Routing.Explaining;

/// <summary>The latest traces, each pushing out the oldest. Not thread-safe.</summary>
internal sealed class TraceRing(int capacity)
{
    private readonly RouteTrace?[] _traces = new RouteTrace?[capacity];
    private int _next;

    /// <returns>The one that was pushed out, to be used again.</returns>
    public RouteTrace? Push(RouteTrace trace)
    {
        var old = _traces[_next];
        _traces[_next] = trace;
        _next = (_next + 1) % capacity;
        return old;
    }

    public RouteTrace? Find(string requestId) =>
        Array.Find(_traces, trace => trace is not null && trace.RequestId == requestId);
}

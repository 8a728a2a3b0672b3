using System.Buffers;
using System.Runtime.CompilerServices;

namespace Penstock.Routing.Explaining;

/// <summary>
/// The ways of the latest requests, in bounded memory. Those that went smoothly and those that did not have a ring each,
/// so that a busy hour does not push out what somebody will ask about.
/// </summary>
internal sealed class Explanations(RoutingOptions options, TimeProvider time)
{
    /// <summary>Of a smooth request among half a dozen replicas.</summary>
    private const int UsualSteps = 12;

    private readonly Lock _gate = new();
    private readonly Stack<RouteTrace> _spare = [];

    /// <summary>One that was given back just now: the next request on the same connection takes it without the lock.</summary>
    private RouteTrace? _latest;
    private TraceNames _names = new();
    private TraceRing _smooth = new(options.ExplainedBytes);
    private TraceRing _troubled = new(options.ExplainedTroubleBytes);

    /// <param name="started">Timestamp of the request's first step.</param>
    /// <param name="startedAt">The same moment by the clock on the wall.</param>
    public RouteTrace Begin(Guid requestId, long started, DateTimeOffset startedAt)
    {
        var trace = Interlocked.Exchange(ref _latest, null) ?? Rent();
        trace.Begin(requestId, started, startedAt);
        return trace;
    }

    /// <summary>The request is over; from here on the trace is not the caller's any more.</summary>
    /// <param name="troubled">It waited, was tried more than once, or got no answer.</param>
    [SkipLocalsInit]
    public void Keep(RouteTrace trace, bool troubled)
    {
        if (trace.Steps.Count <= UsualSteps)
        {
            Keep(trace, troubled, stackalloc byte[TraceForm.MostBytes(UsualSteps)]);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(TraceForm.MostBytes(trace.Steps.Count));
        Keep(trace, troubled, rented);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Reads the trace of a request; it must not be kept, it will be another's.</summary>
    /// <returns>Null: the request is unknown, still under way, or too long ago.</returns>
    public T? Read<T>(Guid requestId, Func<RouteTrace, T> read)
        where T : class
    {
        var trace = new RouteTrace(time);
        lock (_gate)
        {
            var bytes = _troubled.Find(requestId);
            bytes = bytes.IsEmpty ? _smooth.Find(requestId) : bytes;
            if (bytes.IsEmpty)
            {
                return null;
            }

            trace.Begin(requestId, started: 0, default);
            TraceForm.Read(bytes, _names, trace);
        }

        return read(trace);
    }

    private void Keep(RouteTrace trace, bool troubled, Span<byte> buffer)
    {
        var names = _names;
        var bytes = buffer[..TraceForm.Write(trace, names, buffer)];
        lock (_gate)
        {
            // Of names that are forgotten by now it knows the numbers only.
            if (names == _names)
            {
                (troubled ? _troubled : _smooth).Push(trace.RequestId, bytes);
            }

            if (names.IsFull)
            {
                Forget();
            }

            if (Interlocked.CompareExchange(ref _latest, trace, null) is not null)
            {
                _spare.Push(trace);
            }
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

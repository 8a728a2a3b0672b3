using Penstock.Primitives;

namespace Penstock.Forwarding;

/// <summary>Makes calls to engines, and knows all that are under way.</summary>
internal sealed class CallFactory(UpstreamPools pools, Heartbeat heartbeat, TimeProvider time)
{
    public UpstreamCall Create() => new(pools, time);

    /// <summary>Those that have a connection at this moment.</summary>
    public IEnumerable<UpstreamCall> UnderWay =>
        heartbeat.Members().OfType<UpstreamConnection>().Select(connection => connection.Call).OfType<UpstreamCall>();

    /// <summary>Ends every call under way: the grace period after SIGTERM is over.</summary>
    public void EndAll()
    {
        foreach (var call in UnderWay)
        {
            call.Abort(UpstreamFailure.Stopping);
        }
    }
}

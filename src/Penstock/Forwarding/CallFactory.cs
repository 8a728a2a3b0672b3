using Penstock.Primitives;

namespace Penstock.Forwarding;

/// <summary>Makes calls to engines, and knows those that have a connection.</summary>
internal sealed class CallFactory(UpstreamPools pools, Heartbeat heartbeat, TimeProvider time)
{
    public UpstreamCall Create() => new(pools, time);

    /// <summary>Those of this moment; one between two connections is not seen.</summary>
    public IEnumerable<UpstreamCall> UnderWay =>
        heartbeat.Members().OfType<UpstreamConnection>().Select(connection => connection.Call).OfType<UpstreamCall>();

    /// <summary>Ends them: the grace period after SIGTERM is over. To be said again, for those that were not seen.</summary>
    public void EndAll()
    {
        foreach (var call in UnderWay)
        {
            call.Abort(UpstreamFailure.Stopping);
        }
    }
}

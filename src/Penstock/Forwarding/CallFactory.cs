using Penstock.Primitives;

namespace Penstock.Forwarding;

/// <summary>Makes calls to engines, and knows all that are under way.</summary>
internal sealed class CallFactory(UpstreamPools pools, Heartbeat heartbeat, TimeProvider time)
{
    public UpstreamCall Create() => new(pools, heartbeat, time);

    /// <summary>Ends every call under way: the grace period after SIGTERM is over.</summary>
    public void EndAll()
    {
        foreach (var call in heartbeat.Members().OfType<UpstreamCall>())
        {
            call.Abort(UpstreamFailure.Stopping);
        }
    }
}

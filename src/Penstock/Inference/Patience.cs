using Penstock.Forwarding;
using Penstock.Primitives;

namespace Penstock.Inference;

/// <summary>
/// How long a stream that broke in the middle waits for a replica that can go on with it: an engine that died is back
/// in seconds where somebody looks after it, and the caller has half an answer.
/// </summary>
/// <param name="most">In all, until the answer comes forward again.</param>
internal sealed class Patience(RetryPolicy policy, TimeSpan most, TimeProvider time)
{
    private long _until;
    private int _waits;

    /// <summary>The answer has come forward.</summary>
    public void Renew() => (_until, _waits) = (0, 0);

    /// <param name="asked">When another try makes sense; null: nobody knows.</param>
    /// <returns>The next wait; null when there is no time left for it.</returns>
    public TimeSpan? Next(TimeSpan? asked)
    {
        var now = time.GetTimestamp();
        if (_until == 0)
        {
            _until = now + time.Ticks(most);
        }

        var pause = policy.Pause(++_waits, retryAfterSeconds: 0) ?? most;
        var wait = asked > pause ? asked.Value : pause;
        return now + time.Ticks(wait) > _until ? null : wait;
    }
}

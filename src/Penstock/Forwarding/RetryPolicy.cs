using Penstock.Primitives;

namespace Penstock.Forwarding;

/// <summary>Which failures another try may mend, and how long to wait before trying the same replica again.</summary>
internal sealed class RetryPolicy(Chance chance)
{
    /// <summary>First pause, doubled with each further one: a short hiccup passes in a tenth of a second.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>An engine that wants to be left alone for longer is better left to the caller's own patience.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The engine's own trouble. What it said of the request itself (400, 404, 413, 422, 501) no other try can mend.
    /// </summary>
    public static bool IsTransient(int status) => status is 429 or 500 or 502 or 503 or 504 or 524;

    /// <summary>
    /// A connection that could not be made, broke before the head, or brought none in time.
    /// </summary>
    public static bool IsTransient(UpstreamFailure failure) =>
        failure is UpstreamFailure.Connect or UpstreamFailure.Closed or UpstreamFailure.FirstByteTimeout;

    /// <param name="tries">Tries so far, at least 1.</param>
    /// <param name="retryAfterSeconds">What the engine asked for, or 0.</param>
    /// <returns>Null when the wait is not worth it.</returns>
    public TimeSpan? Pause(int tries, int retryAfterSeconds)
    {
        var asked = TimeSpan.FromSeconds(retryAfterSeconds);
        if (asked > LongestPause)
        {
            return null;
        }
        // Half of it is chance, so that callers who failed together do not come back together.
        var pause = FirstPause * (1 << Math.Min(tries - 1, 5)) * (0.5 + (chance.NextDouble() / 2));
        return pause > asked ? pause : asked;
    }
}

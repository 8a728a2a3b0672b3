namespace Penstock.Registry;

/// <summary>How often a shared store is asked whether it has changed.</summary>
/// <param name="LongestPause">While it cannot be reached.</param>
internal sealed record FollowingPace(TimeSpan Interval, TimeSpan LongestPause);

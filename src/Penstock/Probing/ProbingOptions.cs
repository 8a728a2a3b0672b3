using System.ComponentModel.DataAnnotations;

namespace Penstock.Probing;

/// <summary>Settings of what is asked of engines outside of the traffic (section <c>Probing</c>).</summary>
internal sealed class ProbingOptions
{
    /// <summary>
    /// Seconds between two health checks, 0 = never: traffic finds a broken engine sooner, ten seconds are for the one
    /// that has no traffic.
    /// </summary>
    [Range(0, 3600)]
    public double HealthSeconds { get; set; } = 10;

    /// <summary>
    /// Seconds between two readings of an engine's load, 0 = never: our own count is exact meanwhile, and a reading costs
    /// an engine some milliseconds.
    /// </summary>
    [Range(0, 3600)]
    public double LoadSeconds { get; set; } = 1;

    /// <summary>Seconds that one of these questions may take: an engine answers in milliseconds, or is too busy to.</summary>
    [Range(0.05, 60)]
    public double PatienceSeconds { get; set; } = 2;

    /// <summary>
    /// Longest pause, in seconds, for an engine that does not tell its load: one that was restarted with its metrics on
    /// is noticed within five minutes.
    /// </summary>
    [Range(1, 86400)]
    public double LongestPauseSeconds { get; set; } = 300;

    /// <summary>Bytes of an answer that are read: the metrics of a busy engine with many ranks are a fifth of it.</summary>
    [Range(1024, 1 << 26)]
    public int AnswerBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Probe what a replica can do when it is registered and when its version changes: a dozen calls and forty tokens
    /// once, against wondering at every refusal.
    /// </summary>
    public bool AtRegistration { get; set; } = true;

    /// <summary>Probes at once: two keep a large file's registration short and no engine farm busy.</summary>
    [Range(1, 64)]
    public int ConcurrentProbes { get; set; } = 2;

    /// <summary>Seconds that one probe may take: below the minute that the command line waits.</summary>
    [Range(1, 3600)]
    public double ProbeSeconds { get; set; } = 45;

    /// <summary>Seconds that an idle connection is watched: uvicorn, under most engines, closes it after 5.</summary>
    [Range(0, 600)]
    public double IdleWatchSeconds { get; set; } = 7;

    /// <summary>
    /// Bytes of the largest body that a probe sends, 0 = none: what common web frameworks take at most when nobody told
    /// them otherwise, and less than a picture.
    /// </summary>
    [Range(0, 1 << 25)]
    public int LargestBodyBytes { get; set; } = 1 << 20;
}

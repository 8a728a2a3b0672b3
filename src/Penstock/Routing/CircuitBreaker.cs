using System.Numerics;

namespace Penstock.Routing;

/// <summary>
/// Stops sending requests to a replica that fails too often, and finds out with one request at a time when it is well
/// again. Safe for all threads.
/// </summary>
internal sealed class CircuitBreaker
{
    /// <summary>
    /// Opens after five failures in a row, which no healthy engine shows, or after ten among the last twenty, which is
    /// an engine that fails every other caller.
    /// </summary>
    private const uint LastFive = (1 << 5) - 1;

    private const uint LastTwenty = (1 << 20) - 1;
    private const int MostOfTwenty = 10;

    /// <summary>
    /// Seconds until the first probe, doubled after each that fails: 1, 2, 4, 8, 15. A replica that comes back is
    /// noticed within 15 seconds, and one that stays away costs four requests a minute.
    /// </summary>
    private const int LongestPause = 15;

    private readonly Lock _gate = new();
    private uint _history;
    private int _openings;
    private long _openUntil;
    private bool _probing;

    /// <summary>No request at all, or one that probes.</summary>
    public bool IsOpen => Volatile.Read(ref _openUntil) != 0;

    /// <summary>Timestamp from which on a probe may go; 0: the breaker is closed.</summary>
    public long OpenUntil => Volatile.Read(ref _openUntil);

    /// <summary>A probe is under way.</summary>
    public bool IsProbing => Volatile.Read(ref _probing);

    /// <summary>Whether a request may go now.</summary>
    public bool Admits(long now)
    {
        var until = OpenUntil;
        return until == 0 || (now >= until && !IsProbing);
    }

    /// <summary>A request goes.</summary>
    /// <returns>Whether it is the probe: its end must be told with <see cref="EndProbe"/>.</returns>
    public bool Enter()
    {
        if (!IsOpen)
        {
            return false;
        }

        lock (_gate)
        {
            _probing = _openUntil != 0;
            return _probing;
        }
    }

    /// <summary>The replica answered.</summary>
    /// <returns>Whether this closed the breaker.</returns>
    public bool Succeed()
    {
        if (Volatile.Read(ref _history) == 0 && !IsOpen)
        {
            return false;
        }

        lock (_gate)
        {
            var wasOpen = _openUntil != 0;
            _history = wasOpen ? 0 : (_history << 1) & LastTwenty;
            (_openUntil, _openings) = (0, 0);
            return wasOpen;
        }
    }

    /// <summary>The replica failed, by its own fault.</summary>
    /// <param name="second">Timestamp ticks of a second.</param>
    /// <param name="isNews">False: what it tells of has been counted already; only a probe's failure says more.</param>
    /// <returns>Whether this opened the breaker.</returns>
    public bool Fail(long now, long second, bool isNews = true)
    {
        lock (_gate)
        {
            if (_openUntil != 0)
            {
                // Late news from requests that went before it opened change nothing; a probe's failure does.
                if (_probing)
                {
                    Open(now, second);
                }

                return false;
            }

            if (!isNews)
            {
                return false;
            }

            _history = ((_history << 1) | 1) & LastTwenty;
            if ((_history & LastFive) != LastFive && BitOperations.PopCount(_history) < MostOfTwenty)
            {
                return false;
            }

            Open(now, second);
            return true;
        }
    }

    /// <summary>The probe is over, whatever came of it: the next may go when its time has come.</summary>
    public void EndProbe()
    {
        lock (_gate)
        {
            _probing = false;
        }
    }

    /// <summary>There is a sign of life from elsewhere: the next request may probe.</summary>
    public void AllowProbe(long now)
    {
        lock (_gate)
        {
            if (_openUntil > now)
            {
                _openUntil = now;
            }
        }
    }

    private void Open(long now, long second)
    {
        var pause = Math.Min(LongestPause, 1 << Math.Min(_openings, 4));
        _openings++;
        _openUntil = now + (pause * second);
        _probing = false;
    }
}

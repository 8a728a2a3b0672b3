namespace Penstock.Routing;

/// <summary>How fast the line moves, learned from the turns that came. Not thread-safe.</summary>
/// <param name="second">Timestamp ticks of a second.</param>
internal sealed class DrainRate(long second)
{
    /// <summary>The weight of the newest turn: about the last ten are remembered.</summary>
    private const double Newest = 0.1;

    /// <summary>An answer's time of a usual chat, until a turn has been seen.</summary>
    private const double UnknownSeconds = 1;

    /// <summary>A caller who is told to wait longer should look elsewhere, and the rate may change by then.</summary>
    private const double MostSeconds = 60;

    private double _secondsPerTurn = UnknownSeconds;
    private long _last;

    /// <summary>A request's turn has come; the line was not empty before.</summary>
    public void Turn(long now)
    {
        if (_last != 0)
        {
            var seconds = (double)(now - _last) / second;
            _secondsPerTurn += Newest * (Math.Min(seconds, MostSeconds) - _secondsPerTurn);
        }

        _last = now;
    }

    /// <summary>The line is empty: the time until its next turn says nothing.</summary>
    public void Pause() => _last = 0;

    /// <summary>When a request behind so many others would have its turn.</summary>
    public TimeSpan Estimate(int ahead) =>
        TimeSpan.FromSeconds(Math.Clamp((ahead + 1) * _secondsPerTurn, 1, MostSeconds));
}

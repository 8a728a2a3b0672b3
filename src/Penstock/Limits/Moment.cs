using System.Runtime.InteropServices;

namespace Penstock.Limits;

/// <summary>
/// Now, as limits count it. Minutes follow the monotonic clock, so that no step of the wall clock wins or loses a token;
/// days and months are the calendar's, of UTC.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moment(long Second, DateTimeOffset Wall)
{
    /// <summary>Since 1970.</summary>
    public long Day => Wall.ToUnixTimeSeconds() / 86_400;

    /// <summary>Since the year 0.</summary>
    public long Month => (Wall.Year * 12) + Wall.Month;

    public int SecondsOfDayLeft =>
        (int)Math.Ceiling((Wall.UtcDateTime.Date.AddDays(1) - Wall.UtcDateTime).TotalSeconds);

    public int SecondsOfMonthLeft
    {
        get
        {
            var month = new DateTime(Wall.Year, Wall.Month, 1, 0, 0, 0, DateTimeKind.Utc);
            return (int)Math.Ceiling((month.AddMonths(1) - Wall.UtcDateTime).TotalSeconds);
        }
    }
}

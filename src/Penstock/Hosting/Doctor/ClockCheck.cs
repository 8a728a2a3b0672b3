namespace Penstock.Hosting.Doctor;

/// <summary>The clock: a year that can be, not behind what was written already, and no jumps. Made at the start.</summary>
internal sealed class ClockCheck(TimeProvider time)
{
    private const string Name = "clock";
    private const string Advice = "Keep the clock by NTP (timedatectl status): expiry of keys and the audit go by it.";

    /// <summary>No Penstock is older.</summary>
    private const int FirstYear = 2025;

    /// <summary>Later than any certificate; a clock there was set by hand.</summary>
    private const int LastYear = 2100;

    /// <summary>Two machines that keep their clocks by NTP are closer.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>NTP corrects smaller errors by running slower or faster.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly long _beganTicks = time.GetTimestamp();

    /// <param name="lastChange">When the newest row of the audit was written, by the clock of then.</param>
    public IEnumerable<Finding> Run(DateTimeOffset? lastChange)
    {
        var now = time.GetUtcNow();
        var elapsed = time.GetElapsedTime(_beganTicks);
        var jump = now - _began - elapsed;
        List<Finding> findings = [];
        if (now.Year is < FirstYear or > LastYear)
        {
            findings.Add(Finding.Problem(Name, $"it is said to be the year {now.Year}", Advice));
        }

        if (lastChange is { } written && written - now > Tolerance)
        {
            var seen = $"the clock is {written - now:c} behind the newest change in the registry ({written:u})";
            findings.Add(Finding.Problem(Name, seen, Advice));
        }

        if (elapsed < TimeSpan.Zero)
        {
            var seen = $"the monotonic clock went back by {-elapsed:c}";
            findings.Add(
                Finding.Problem(Name, seen, "Every timeout goes by it. Look for a fault of the virtual machine.")
            );
        }
        else if (jump.Duration() > Step)
        {
            findings.Add(Finding.Warning(Name, $"the clock jumped by {jump:c} while this ran", Advice));
        }

        return findings.Count > 0 ? findings : [Finding.Ok(Name, $"it is {now:u}, later than all that was written")];
    }
}

using Microsoft.Extensions.Time.Testing;
using Penstock.Hosting.Doctor;

namespace Penstock.Tests.Hosting.Doctor;

public sealed class DoctorClockTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(1970, CheckStatus.Problem)]
    [InlineData(2024, CheckStatus.Problem)]
    [InlineData(2026, CheckStatus.Ok)]
    [InlineData(2101, CheckStatus.Problem)]
    public void The_year_must_be_one_that_can_be(int year, object status)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(year, 6, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(status, Assert.Single(new ClockCheck(time).Run(null)).Status);
    }

    [Theory]
    [InlineData(-3600, CheckStatus.Ok)]
    [InlineData(0, CheckStatus.Ok)]
    [InlineData(5, CheckStatus.Ok)]
    [InlineData(6, CheckStatus.Problem)]
    public void It_must_not_be_behind_what_was_written(int secondsAhead, object status)
    {
        var check = new ClockCheck(new FakeTimeProvider(Now));

        Assert.Equal(status, Assert.Single(check.Run(Now.AddSeconds(secondsAhead))).Status);
    }

    [Fact]
    public void A_clock_that_goes_as_time_does_is_well()
    {
        var time = new FakeTimeProvider(Now);
        var check = new ClockCheck(time);
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(CheckStatus.Ok, Assert.Single(check.Run(Now)).Status);
    }

    [Fact]
    public void A_clock_that_jumps_is_told()
    {
        var time = new JumpingTime();
        var check = new ClockCheck(time);
        time.Wall = Now.AddSeconds(-90);

        var finding = Assert.Single(check.Run(null));

        Assert.Equal(CheckStatus.Warning, finding.Status);
        Assert.Contains("jumped by -00:01:30", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_monotonic_clock_that_goes_back_is_a_problem()
    {
        var time = new JumpingTime();
        var check = new ClockCheck(time);
        time.Ticks -= TimeSpan.TicksPerSecond;

        var finding = Assert.Single(check.Run(null));

        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.Contains("went back by 00:00:01", finding.Seen, StringComparison.Ordinal);
    }

    /// <summary>Two clocks that do not agree.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        public DateTimeOffset Wall { get; set; } = Now;

        public long Ticks { get; set; } = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Ticks;
    }
}

using System.Globalization;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Limits;

/// <summary>One key under fire: when each grant was asked for and given, and what its headers claimed. Thread-safe.</summary>
internal sealed class HammeredKey(string name, int limit)
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly Lock _gate = new();
    private readonly List<(long Sent, long Heard, bool Granted)> _calls = [];

    public string Name { get; } = name;

    public int Limit { get; } = limit;

    public int Burst => Math.Max(1, Limit / 10);

    private double PerSecond => Limit / 60d;

    public int Refused => _calls.Count(call => !call.Granted);

    public int Granted => _calls.Count - Refused;

    public async Task CallAsync(GatewayProcess gateway, string model = RecordedGateway.Model)
    {
        var sent = Clock.GetTimestamp();
        var answer = await gateway.As(Name).ChatAsync(ChatBody.Minimal(model));
        var heard = Clock.GetTimestamp();
        AssertHeaders(answer);
        lock (_gate)
        {
            _calls.Add((sent, heard, answer.Status == 200));
        }
    }

    /// <summary>
    /// Over every window between two grants: no more than the burst and what drained meanwhile. The window is
    /// stretched to its widest by what a client can know, so no delay of the machine makes a good limiter look bad.
    /// </summary>
    /// <param name="bursts">How often the burst may be had.</param>
    public void AssertNeverOver(int bursts = 1)
    {
        var grants = _calls.Where(call => call.Granted).OrderBy(call => call.Heard).ToList();
        for (var first = 0; first < grants.Count; first++)
        {
            // Who was heard later may have been admitted earlier: a window opens with the earliest request in it.
            var opened = grants[first].Sent;
            for (var last = first; last < grants.Count; last++)
            {
                opened = Math.Min(opened, grants[last].Sent);
                var widest = Clock.GetElapsedTime(opened, grants[last].Heard).TotalSeconds;
                var allowed = bursts * Burst + widest * PerSecond + 1e-6;
                var count = last - first + 1;
                Assert.True(
                    count <= allowed,
                    $"{Name}: {count} granted within {widest:0.000} s, allowed {allowed:0.00}."
                );
            }
        }
    }

    /// <summary>Asked without pause, the key got all that drained, but for what the last moment could not show.</summary>
    public void AssertNotUnder()
    {
        var granted = _calls.Count(call => call.Granted);
        var surelyOpen = Clock
            .GetElapsedTime(_calls.Min(call => call.Heard), _calls.Max(call => call.Sent))
            .TotalSeconds;
        var longestPause = LongestPause();
        var due = Math.Floor(Burst + Math.Max(0, surelyOpen - longestPause) * PerSecond) - 1;
        Assert.True(granted >= due, $"{Name}: only {granted} granted in {surelyOpen:0.000} s, {due} were due.");
    }

    /// <summary>The longest time in which nobody asked; nothing can be granted to silence.</summary>
    private double LongestPause()
    {
        var sent = _calls.Select(call => call.Sent).Order().ToList();
        return sent.Zip(sent.Skip(1), (a, b) => Clock.GetElapsedTime(a, b).TotalSeconds).DefaultIfEmpty(0).Max();
    }

    private void AssertHeaders(Answer answer)
    {
        Assert.True(answer.Status is 200 or 429, answer.ToString());
        Assert.Equal($"{Limit}", answer.Header("X-RateLimit-Limit"));
        var remaining = int.Parse(answer.Header("X-RateLimit-Remaining")!, CultureInfo.InvariantCulture);
        Assert.InRange(remaining, 0, Limit - (answer.Status == 200 ? 1 : 0));
        if (answer.Status == 429)
        {
            answer.ExpectError(429, "rate_limit_error", "rate_limit_exceeded");
            Assert.Equal(0, remaining);
            var wait = int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture);
            Assert.InRange(wait, 1, (int)Math.Ceiling(60d / Limit) + 1);
        }
    }
}

using Penstock.Routing;

namespace Penstock.Tests.Routing;

public sealed class CircuitBreakerTests
{
    private const long Second = 1_000;
    private readonly CircuitBreaker _breaker = new();

    [Fact]
    public void Five_failures_in_a_row_open_it()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.False(_breaker.Fail(now: 1, Second));
        }

        Assert.True(_breaker.Admits(1));
        Assert.True(_breaker.Fail(now: 1, Second));
        Assert.False(_breaker.Admits(1));
    }

    [Fact]
    public void An_engine_that_fails_every_other_caller_opens_it()
    {
        var failures = 0;
        while (_breaker.Admits(1))
        {
            _breaker.Succeed();
            _breaker.Fail(now: 1, Second);
            failures++;
        }

        Assert.Equal(10, failures);
    }

    [Fact]
    public void One_failure_in_three_does_not_open_it()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _breaker.Succeed();
            _breaker.Succeed();
            _breaker.Fail(now: 1, Second);
        }

        Assert.True(_breaker.Admits(1));
    }

    [Fact]
    public void One_request_probes_after_a_second_and_no_other_goes_with_it()
    {
        Open(now: 1);

        Assert.False(_breaker.Admits(1 + Second - 1));
        Assert.True(_breaker.Admits(1 + Second));
        Assert.True(_breaker.Enter());
        Assert.False(_breaker.Admits(1 + Second));
    }

    [Fact]
    public void A_probe_that_is_answered_closes_it()
    {
        Open(now: 1);
        _breaker.Enter();

        Assert.True(_breaker.Succeed());
        _breaker.EndProbe();

        Assert.True(_breaker.Admits(2));
        Assert.False(_breaker.Enter());
    }

    [Fact]
    public void A_probe_whose_caller_left_is_followed_by_another()
    {
        Open(now: 1);
        _breaker.Enter();

        _breaker.EndProbe();

        Assert.True(_breaker.Admits(1 + Second));
    }

    [Fact]
    public void A_minute_of_outage_costs_few_probes()
    {
        Open(now: 1);
        var probes = 0;
        for (var now = 1L; now < 60 * Second; now++)
        {
            if (!_breaker.Admits(now))
            {
                continue;
            }

            probes++;
            _breaker.Enter();
            _breaker.Fail(now, Second);
            _breaker.EndProbe();
        }

        Assert.InRange(probes, 1, 7);
        // Back within a quarter of a minute, once it is well.
        Assert.True(_breaker.Admits(75 * Second));
    }

    [Fact]
    public void Late_failures_of_requests_that_went_before_do_not_prolong_it()
    {
        Open(now: 1);

        _breaker.Fail(now: 1 + Second - 1, Second);

        Assert.True(_breaker.Admits(1 + Second));
    }

    [Fact]
    public void What_has_been_counted_before_does_not_open_it_but_a_probe_s_failure_always_tells()
    {
        for (var i = 0; i < 30; i++)
        {
            _breaker.Fail(now: 1, Second, isNews: false);
        }

        Assert.True(_breaker.Admits(1));

        Open(now: 1);
        _breaker.Enter();
        _breaker.Fail(now: 1 + Second, Second, isNews: false);
        Assert.False(_breaker.Admits(1 + (3 * Second) - 1));
        Assert.True(_breaker.Admits(1 + (3 * Second)));
    }

    [Fact]
    public void A_sign_of_life_from_elsewhere_allows_a_probe_at_once()
    {
        Open(now: 1);

        _breaker.AllowProbe(now: 2);

        Assert.True(_breaker.Admits(2));
        Assert.True(_breaker.IsOpen);
    }

    private void Open(long now)
    {
        for (var i = 0; i < 5; i++)
        {
            _breaker.Fail(now, Second);
        }
    }
}

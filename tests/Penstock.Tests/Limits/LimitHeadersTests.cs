using Microsoft.AspNetCore.Http;
using Penstock.Limits;

namespace Penstock.Tests.Limits;

public sealed class LimitHeadersTests
{
    [Fact]
    public void A_granted_call_is_told_limit_remaining_tier_and_reset()
    {
        var headers = new HeaderDictionary();

        LimitHeaders.Write(headers, new LimitDecision(true, 500, 498, 1_772_366_461, 0), "pro");

        Assert.Equal("500", headers["X-RateLimit-Limit"]);
        Assert.Equal("498", headers["X-RateLimit-Remaining"]);
        Assert.Equal("pro", headers["X-RateLimit-Tier"]);
        Assert.Equal("1772366461", headers["X-RateLimit-Reset"]);
        Assert.Equal(4, headers.Count);
    }

    [Fact]
    public void A_refused_call_is_also_told_when_to_return()
    {
        var headers = new HeaderDictionary();

        LimitHeaders.Write(headers, new LimitDecision(false, 500, 0, 1_772_366_461, 3), "pro");

        Assert.Equal("0", headers["X-RateLimit-Remaining"]);
        Assert.Equal("3", headers["Retry-After"]);
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(10_000, 9_999)]
    [InlineData(100_000, 10_000)]
    public void Headers_that_were_written_before_allocate_nothing(int limit, int remaining)
    {
        var headers = new HeaderDictionary(capacity: 8);
        var decision = new LimitDecision(true, limit, remaining, 1_772_366_461, 0);

        Assert.Equal(0, Allocations.Of(() => LimitHeaders.Write(headers, decision, "enterprise")));
    }
}

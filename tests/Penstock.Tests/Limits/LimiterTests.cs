using Penstock.Keys;
using Penstock.Limits;
using Penstock.Tests.Keys;

namespace Penstock.Tests.Limits;

public sealed class LimiterTests
{
    [Fact]
    public async Task A_key_is_limited_by_the_numbers_of_its_grant()
    {
        using var store = new LocalLimitStore(TimeProvider.System);
        var limiter = new Limiter(store);
        var grant = Grants.For(new ApiKeyHash(1, 2, 3, 4), requestsPerMinute: 1, burst: 1);
        var cancellation = TestContext.Current.CancellationToken;

        Assert.Equal(1, (await limiter.PeekAsync(grant, cancellation)).Remaining);
        Assert.True((await limiter.TakeAsync(grant, cancellation)).Granted);

        var refused = await limiter.TakeAsync(grant, cancellation);
        Assert.False(refused.Granted);
        Assert.InRange(refused.RetryAfterSeconds, 1, 60);
        Assert.InRange(refused.ResetUnixSeconds, 1_700_000_000, 10_000_000_000);
    }
}

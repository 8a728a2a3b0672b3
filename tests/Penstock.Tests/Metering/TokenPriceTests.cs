using Penstock.Engines;
using Penstock.Metering;

namespace Penstock.Tests.Metering;

public sealed class TokenPriceTests
{
    [Fact]
    public void A_million_of_each_costs_what_the_price_says()
    {
        var price = new TokenPrice(600_000, 60_000, 1_800_000);

        var cost = price.Of(new TokenUsage(1_500_000, 1_000_000, 500_000, null));

        Assert.Equal(2.43m, Money.OfNanos(cost));
    }

    [Fact]
    public void Without_a_price_of_their_own_cached_tokens_cost_as_much_as_any_other()
    {
        var price = new TokenPrice(600_000, null, 0);

        Assert.Equal(price.Of(new TokenUsage(1_000, 0, 0, null)), price.Of(new TokenUsage(1_000, 0, 1_000, null)));
    }

    [Theory]
    [InlineData(1, 499, 0)]
    [InlineData(1, 500, 1)]
    [InlineData(3, 333_333, 1_000)]
    public void A_cost_is_rounded_once_half_up_to_a_billionth(long tokens, long micros, long nanos)
    {
        Assert.Equal(nanos, new TokenPrice(micros, null, 0).Of(new TokenUsage(tokens, 0, null, null)));
    }

    [Fact]
    public void More_cached_tokens_than_prompt_tokens_give_no_money_back()
    {
        var price = new TokenPrice(1_000_000, 0, 0);

        Assert.Equal(0, price.Of(new TokenUsage(10, 0, 1_000, null)));
    }

    [Fact]
    public void What_no_number_can_hold_is_the_largest_there_is()
    {
        Assert.Equal(
            long.MaxValue,
            new TokenPrice(long.MaxValue, null, 0).Of(new TokenUsage(long.MaxValue, 0, null, null))
        );
    }
}

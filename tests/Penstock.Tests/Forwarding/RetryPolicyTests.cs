using Penstock.Forwarding;
using Penstock.Primitives;

namespace Penstock.Tests.Forwarding;

public sealed class RetryPolicyTests
{
    private readonly RetryPolicy _policy = new(new Chance(seed: 7));

    [Theory]
    [InlineData(1, 50, 100)]
    [InlineData(2, 100, 200)]
    [InlineData(3, 200, 400)]
    public void Pauses_double_and_half_of_each_is_chance(int tries, double least, double most)
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.InRange(_policy.Pause(tries, 0)!.Value.TotalMilliseconds, least, most);
        }
    }

    [Fact]
    public void The_engine_s_own_wish_is_honoured_while_it_is_short()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), _policy.Pause(1, 2));
        Assert.Null(_policy.Pause(1, 60));
    }
}

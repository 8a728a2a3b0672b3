using Penstock.Routing;

namespace Penstock.Tests.Routing;

public sealed class RetryBudgetTests
{
    [Fact]
    public void An_outage_is_amplified_by_a_fifth_at_most()
    {
        var budget = new RetryBudget();
        var retries = 0;
        for (var request = 0; request < 1000; request++)
        {
            budget.Earn();
            for (var attempt = 0; attempt < 2; attempt++)
            {
                retries += budget.TrySpend() ? 1 : 0;
            }
        }

        Assert.InRange(retries, 200, 210);
    }
}

using Penstock.Keys;

namespace Penstock.Tests.Keys;

public sealed class KeyRefusalTests
{
    [Fact]
    public void Every_refusal_has_the_code_of_the_contract_and_a_message()
    {
        var refusals = Enum.GetValues<KeyRefusal>().Where(refusal => refusal != KeyRefusal.None).ToArray();

        Assert.Equal(
            ["missing_api_key", "invalid_api_key", "expired_api_key", "revoked_api_key"],
            refusals.Select(refusal => refusal.Code())
        );
        Assert.All(refusals, refusal => Assert.EndsWith(".", refusal.Message(), StringComparison.Ordinal));
    }
}

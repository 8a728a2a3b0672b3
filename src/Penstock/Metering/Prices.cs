using System.Collections.Frozen;

namespace Penstock.Metering;

/// <summary>The price of every deployment that has one, as of the newest change. Swapped whole; readers never lock.</summary>
internal sealed class Prices
{
    private volatile FrozenDictionary<Guid, TokenPrice> _byDeployment = FrozenDictionary<Guid, TokenPrice>.Empty;

    public TokenPrice? Find(Guid deployment) => _byDeployment.GetValueOrDefault(deployment);

    public void Use(IEnumerable<KeyValuePair<Guid, TokenPrice>> prices) => _byDeployment = prices.ToFrozenDictionary();
}

namespace Penstock.Routing;

/// <summary>
/// Keeps retries to a fifth of a deployment's traffic, so that an outage is not amplified: each request earns a fifth
/// of a retry, and a few are there from the beginning for quiet deployments.
/// </summary>
internal sealed class RetryBudget
{
    private const int UnitsPerRetry = 5;

    /// <summary>Ten retries in hand: what a quiet deployment may spend at once.</summary>
    private const int MostUnits = 10 * UnitsPerRetry;

    private int _units = MostUnits;

    /// <summary>A request came: it earns its share.</summary>
    public void Earn()
    {
        if (Volatile.Read(ref _units) < MostUnits)
        {
            Interlocked.Increment(ref _units);
        }
    }

    /// <summary>Takes one retry, if there is one.</summary>
    public bool TrySpend()
    {
        if (Interlocked.Add(ref _units, -UnitsPerRetry) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _units, UnitsPerRetry);
        return false;
    }
}

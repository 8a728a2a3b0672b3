using Penstock.Keys;

namespace Penstock.Limits;

/// <summary>A lease on what a request may come to, of its key and of its workspace. Each store has its own kind.</summary>
internal abstract class Reservation(KeyGrant grant)
{
    private int _settled;

    public KeyGrant Grant => grant;

    /// <returns>True for the first caller only.</returns>
    public bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;
}

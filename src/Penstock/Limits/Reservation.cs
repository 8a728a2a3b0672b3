using Penstock.Keys;

namespace Penstock.Limits;

/// <summary>A lease on what a request may come to, of its key and of its workspace.</summary>
internal sealed class Reservation(KeyGrant grant, Hold ofKey, Hold ofWorkspace)
{
    private int _settled;

    public KeyGrant Grant => grant;
    public Hold OfKey => ofKey;
    public Hold OfWorkspace => ofWorkspace;

    /// <returns>True for the first caller only.</returns>
    public bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;
}

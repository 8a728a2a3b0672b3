using Penstock.Keys;

namespace Penstock.Limits;

/// <summary>What the two accounts of this process have set aside.</summary>
internal sealed class LocalReservation(KeyGrant grant, Hold ofKey, Hold ofWorkspace) : Reservation(grant)
{
    public Hold OfKey => ofKey;
    public Hold OfWorkspace => ofWorkspace;
}

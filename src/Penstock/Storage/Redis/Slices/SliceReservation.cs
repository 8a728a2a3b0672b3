using Penstock.Keys;
using Penstock.Limits;

namespace Penstock.Storage.Redis.Slices;

/// <summary>A reservation out of the slices of a key and its workspace.</summary>
internal sealed class SliceReservation(KeyGrant grant, SliceClaim ofKey, SliceClaim ofWorkspace) : Reservation(grant)
{
    public void End(Outlay used)
    {
        ofKey.Slice.End(ofKey, used);
        ofWorkspace.Slice.End(ofWorkspace, used);
    }
}

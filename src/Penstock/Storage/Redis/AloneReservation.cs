using Penstock.Keys;
using Penstock.Limits;

namespace Penstock.Storage.Redis;

/// <summary>A reservation that this node has granted of its own share, in the accounts of that time.</summary>
internal sealed class AloneReservation(KeyGrant grant, LocalAllowanceStore share, Reservation reserved)
    : Reservation(grant)
{
    public void SettleShare(Outlay used) => share.Settle(reserved, used);
}

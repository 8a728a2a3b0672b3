using Penstock.Keys;
using Penstock.Limits;

namespace Penstock.Storage.Redis;

/// <summary>A lease that the shared server has granted; renewed while the request runs.</summary>
/// <param name="ofKey">What the key's account holds for it, in the server's words.</param>
/// <param name="ofWorkspace">What the workspace's account holds.</param>
/// <param name="began">Timestamp of this node.</param>
internal sealed class RedisReservation(KeyGrant grant, Guid id, string ofKey, string ofWorkspace, long began)
    : Reservation(grant)
{
    public Guid Id => id;
    public string HoldOfKey => ofKey;
    public string HoldOfWorkspace => ofWorkspace;
    public long Began => began;
}

using System.Runtime.InteropServices;
using Penstock.Keys;

namespace Penstock.Limits;

/// <summary>What one key may do: the history is kept per key, the numbers may differ from request to request.</summary>
/// <param name="KeyId">Whose bucket it is.</param>
/// <param name="RequestsPerMinute">The budget of a minute and the rate at which the bucket drains, at least 1.</param>
/// <param name="Burst">Requests that may stand in the bucket at once, at least 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Limit(Guid KeyId, int RequestsPerMinute, int Burst)
{
    public static Limit Of(KeyGrant grant) => new(grant.KeyId, grant.RequestsPerMinute, grant.Burst);
}

using System.Runtime.InteropServices;
using Penstock.Limits;

namespace Penstock.Storage.Redis.Slices;

/// <summary>What one account has set aside out of its slice for one request.</summary>
/// <param name="Asked">By limits that the account has; of others nothing.</param>
/// <param name="Group">With which it is told.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SliceClaim(AccountSlice Slice, Outlay Asked, ClaimGroup Group);

using System.Runtime.InteropServices;

namespace Penstock.Storage.Sqlite;

/// <summary>What hourly sums are kept apart by.</summary>
/// <param name="Hour">Hours since 1970.</param>
/// <param name="Model">Empty: none was reached.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SumKey(long Hour, Guid Workspace, Guid Key, string Model);

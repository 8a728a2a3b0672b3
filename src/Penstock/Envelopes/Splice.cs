using System.Runtime.InteropServices;

namespace Penstock.Envelopes;

/// <summary>One change to a body: the bytes from <paramref name="Start"/> on make way for others.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Splice(int Start, int Removed, ReadOnlyMemory<byte> Added);

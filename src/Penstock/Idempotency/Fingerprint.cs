using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Penstock.Idempotency;

/// <summary>SHA-256 of what must not be kept itself: a caller's key, the bytes of a prompt.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Fingerprint(ulong A, ulong B, ulong C, ulong D)
{
    private const int Size = 32;

    /// <param name="domain">What the bytes belong to: the same bytes elsewhere have another fingerprint.</param>
    public static Fingerprint Of(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(length, domain.Length);
        hash.AppendData(length);
        hash.AppendData(domain);
        hash.AppendData(bytes);
        Span<byte> value = stackalloc byte[Size];
        hash.GetHashAndReset(value);
        var words = MemoryMarshal.Cast<byte, ulong>(value);
        return new Fingerprint(words[0], words[1], words[2], words[3]);
    }

    public override string ToString() => $"{A:x16}{B:x16}{C:x16}{D:x16}";
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Penstock.Keys;

/// <summary>SHA-256 of a key's secret: the only form of a secret that is ever stored.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ApiKeyHash(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Length of the hash in bytes.</summary>
    public const int Size = 32;

    public static ApiKeyHash Of(ReadOnlySpan<byte> secret)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(secret, hash);
        return FromBytes(hash);
    }

    public static ApiKeyHash FromBytes(ReadOnlySpan<byte> hash)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(hash[..Size]);
        return new ApiKeyHash(words[0], words[1], words[2], words[3]);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        var words = MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan());
        (words[0], words[1], words[2], words[3]) = (A, B, C, D);
        return bytes;
    }

    /// <summary>Compares without an early exit, so that timing tells nothing of a stored hash.</summary>
    public bool FixedTimeEquals(in ApiKeyHash other) =>
        ((A ^ other.A) | (B ^ other.B) | (C ^ other.C) | (D ^ other.D)) == 0;
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Penstock.Primitives;

namespace Penstock.Keys;

/// <summary>
/// The form of a key's secret: the prefix, 43 random base62 characters, and 6 base62 digits of the CRC-32 of all
/// that stands before them. A mistyped key is refused without a lookup, and secret scanners can recognise one.
/// </summary>
internal static class ApiKeySecret
{
    /// <summary>62^43 is just above 2^256: 43 uniform characters carry at least 256 random bits.</summary>
    public const int RandomLength = 43;

    /// <summary>62^6 is above 2^32: six digits hold any CRC-32.</summary>
    public const int ChecksumLength = 6;

    /// <summary>A brought-along key shorter than this could be guessed.</summary>
    public const int MinLength = 16;

    /// <summary>Bounds the work and the stack that a header can cost us.</summary>
    public const int MaxLength = 256;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // Printable but the space, which no HTTP header carries reliably at the ends of a value.
    private static readonly SearchValues<byte> Printable = SearchValues.Create(
        Enumerable.Range('!', '~' - '!' + 1).Select(code => (byte)code).ToArray()
    );

    /// <summary>Makes a new secret from the system's cryptographic generator, every character equally likely.</summary>
    public static string Create(string prefix)
    {
        var body = prefix + RandomNumberGenerator.GetString(Alphabet, RandomLength);
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        WriteChecksum(Encoding.ASCII.GetBytes(body), checksum);
        return body + Encoding.ASCII.GetString(checksum);
    }

    /// <summary>Whether the last six characters are the checksum of the others.</summary>
    public static bool ChecksumHolds(ReadOnlySpan<byte> secret)
    {
        if (secret.Length <= ChecksumLength)
        {
            return false;
        }

        Span<byte> checksum = stackalloc byte[ChecksumLength];
        WriteChecksum(secret[..^ChecksumLength], checksum);
        return secret[^ChecksumLength..].SequenceEqual(checksum);
    }

    /// <summary>Whether a key could be one at all, brought along or ours: 16 to 256 printable ASCII characters.</summary>
    public static bool IsAcceptable(ReadOnlySpan<byte> secret) =>
        secret.Length is >= MinLength and <= MaxLength && !secret.ContainsAnyExcept(Printable);

    /// <summary>
    /// Whether a key that an operator brings along can ever be accepted under this prefix: the checksum is asked of
    /// every key that begins with it.
    /// </summary>
    public static bool IsAcceptable(string secret, string prefix) =>
        Ascii.IsValid(secret)
        && Encoding.ASCII.GetBytes(secret) is var bytes
        && IsAcceptable(bytes)
        && (!secret.StartsWith(prefix, StringComparison.Ordinal) || ChecksumHolds(bytes));

    private static void WriteChecksum(ReadOnlySpan<byte> body, Span<byte> digits)
    {
        var rest = Crc32.Of(body);
        for (var index = ChecksumLength - 1; index >= 0; index--)
        {
            (rest, var digit) = Math.DivRem(rest, (uint)Alphabet.Length);
            digits[index] = (byte)Alphabet[(int)digit];
        }
    }
}

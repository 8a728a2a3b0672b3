using System.Text;
using System.Text.RegularExpressions;

namespace Penstock.EndToEndTests.Harness;

/// <summary>The contract's form of a key, checked by a reading of the contract of its own.</summary>
internal static partial class KeyForm
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int ChecksumDigits = 6;

    public static bool IsWhole(string key) =>
        Whole().IsMatch(key) && key.EndsWith(Checksum(key[..^ChecksumDigits]), StringComparison.Ordinal);

    /// <summary>The first thing in a text that looks like a key.</summary>
    public static string? FindIn(string text) => Anywhere().Match(text) is { Success: true } match ? match.Value : null;

    private static string Checksum(string text)
    {
        var rest = Crc32(Encoding.ASCII.GetBytes(text));
        var digits = new char[ChecksumDigits];
        for (var i = ChecksumDigits - 1; i >= 0; i--)
        {
            digits[i] = Digits[(int)(rest % 62)];
            rest /= 62;
        }

        return new string(digits);
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }

    [GeneratedRegex("^psk_live_[0-9A-Za-z]{49}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex("psk_live_[0-9A-Za-z]{49}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Anywhere();
}

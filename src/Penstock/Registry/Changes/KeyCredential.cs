using System.Text;
using Penstock.Keys;

namespace Penstock.Registry.Changes;

/// <summary>What is kept of a key's secret: its hash, and enough to recognise it.</summary>
internal sealed record KeyCredential(ApiKeyHash Hash, string Hint)
{
    // Four characters tell two keys apart. A short secret shows none: it has none to spare.
    private const int Shown = 4;
    private const int LongEnough = 32;

    public static KeyCredential OfSecret(string secret, string prefix)
    {
        var start = secret.StartsWith(prefix, StringComparison.Ordinal) ? prefix : "";
        var end = secret.Length >= LongEnough ? secret[^Shown..] : "";
        return new KeyCredential(ApiKeyHash.Of(Encoding.ASCII.GetBytes(secret)), $"{start}...{end}");
    }

    /// <summary>Of a key that only its owner has ever seen.</summary>
    public static KeyCredential OfHash(string hex)
    {
        var hash = Convert.FromHexString(hex);
        return new KeyCredential(
            ApiKeyHash.FromBytes(hash),
            $"sha256:{Convert.ToHexStringLower(hash.AsSpan(0, Shown))}..."
        );
    }
}

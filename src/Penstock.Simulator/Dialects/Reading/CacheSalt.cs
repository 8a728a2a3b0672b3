using System.Buffers;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>What may separate one tenant's cached prompts from another's.</summary>
internal static class CacheSalt
{
    private const int Longest = 128;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.:-"
    );

    public static bool IsGood(string salt) =>
        salt.Length is > 0 and <= Longest && salt.AsSpan().IndexOfAnyExcept(Alphabet) < 0;
}

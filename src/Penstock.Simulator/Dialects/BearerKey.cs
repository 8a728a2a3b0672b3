using System.Security.Cryptography;
using System.Text;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects;

/// <summary>The key an engine was told to ask for.</summary>
internal static class BearerKey
{
    public static bool IsWith(HttpRequest request, string key) =>
        request.Header("Authorization") is { } header
        && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && IsSame(header["Bearer ".Length..], key);

    public static bool IsSame(string given, string key) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key));
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Penstock.Management;

/// <summary>The version of a resource: a hash of what it looks like, so that it needs no counter and survives a restore.</summary>
internal static class EntityTag
{
    public static string Of(string json) =>
        $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, 16))}\"";

    /// <summary>Whether an If-Match header allows a change of this version. No header allows every change.</summary>
    public static bool Allows(StringValues ifMatch, string json)
    {
        if (ifMatch.Count == 0)
        {
            return true;
        }

        var current = Of(json);
        var tags = ifMatch.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries));
        return tags.Any(tag => tag == "*" || tag == current);
    }
}

using System.Text;
using Penstock.Keys;

namespace Penstock.Tests.Keys;

/// <summary>Grants for tests: every key is its own, in one workspace of one plan.</summary>
internal static class Grants
{
    public static KeyGrant For(string secret) => For(ApiKeyHash.Of(Encoding.ASCII.GetBytes(secret)));

    public static KeyGrant For(ApiKeyHash hash, int requestsPerMinute = 500, int burst = 50) =>
        new()
        {
            KeyId = Guid.NewGuid(),
            KeyName = "ci",
            Hash = hash,
            WorkspaceId = Guid.NewGuid(),
            Workspace = "acme",
            Plan = "pro",
            RequestsPerMinute = requestsPerMinute,
            Burst = burst,
        };
}

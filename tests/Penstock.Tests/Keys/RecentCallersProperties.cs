using FsCheck.Xunit;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Penstock.Keys;
using Penstock.Primitives;

namespace Penstock.Tests.Keys;

public sealed class RecentCallersProperties
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // Some end alike, so that they push each other out; some differ in one character; the last two are nobody's.
    private static readonly string[] Secrets =
    [
        "one-key-brought-along-to-us",
        "two-key-brought-along-to-us",
        "One-key-brought-along-to-us",
        "one-key-brought-along-to-uS",
        "exactly-16-chars",
        "another-16-chars",
        new string('~', ApiKeySecret.MaxLength),
        "!" + new string('~', ApiKeySecret.MaxLength - 1),
        ApiKeySecret.Create("psk_live_"),
        ApiKeySecret.Create("psk_live_"),
        "psk_live_without-a-checksum",
        "six-key-brought-along-to-us",
        "psk_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg3Hbpux",
    ];

    private static readonly string[] Forms =
    [
        "Bearer {0}",
        "bearer {0}",
        "Bearer   {0}",
        " Bearer {0} ",
        "Basic {0}",
        "{0}",
        "Bearer {0}é",
        "Bearer {0} x",
        "Bearer                                                                  {0}",
    ];

    [Property(MaxTest = 300, StartSize = 50, EndSize = 400)]
    public void Whoever_called_before_is_judged_as_by_a_gateway_that_has_never_seen_a_call(
        (byte Kind, byte Which)[] steps
    )
    {
        var clock = new FakeTimeProvider(Noon);
        var grants = KeysOf(0);
        var remembering = Authenticator(grants, clock);

        foreach (var (kind, which) in steps)
        {
            switch (kind % 16)
            {
                case 0:
                    grants = KeysOf(which);
                    remembering.Use(KeySnapshot.Build(grants));
                    break;
                case 1:
                    clock.Advance(TimeSpan.FromMinutes(which % 32));
                    break;
                default:
                    var header = string.Format(null, Forms[kind % Forms.Length], Secrets[which % Secrets.Length]);
                    var expected = Authenticator(grants, clock).Authenticate(header, out var right);
                    Assert.Equal(expected, remembering.Authenticate(header, out var grant));
                    Assert.Same(right, grant);
                    break;
            }
        }
    }

    private static ApiKeyAuthenticator Authenticator(KeyGrant[] grants, TimeProvider clock)
    {
        var authenticator = new ApiKeyAuthenticator(Options.Create(new KeyOptions()), clock);
        authenticator.Use(KeySnapshot.Build(grants));
        return authenticator;
    }

    /// <summary>Some of the secrets are there, some of these revoked and some about to expire.</summary>
    private static KeyGrant[] KeysOf(byte seed)
    {
        var chance = new Chance(seed);
        return
        [
            .. Secrets[..^2]
                .Where(_ => Below(chance, 4) > 0)
                .Select(secret =>
                    Grants.For(secret) with
                    {
                        Revoked = Below(chance, 4) == 0,
                        ExpiresAt = Below(chance, 2) == 0 ? Noon.AddMinutes(Below(chance, 120)) : null,
                    }
                ),
        ];
    }

    private static int Below(Chance chance, int most) => (int)(chance.NextDouble() * most);
}

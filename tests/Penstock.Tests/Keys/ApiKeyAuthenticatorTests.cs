using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using Penstock.Keys;

namespace Penstock.Tests.Keys;

public sealed class ApiKeyAuthenticatorTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _secret = ApiKeySecret.Create("psk_live_");
    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly ApiKeyAuthenticator _authenticator;

    public ApiKeyAuthenticatorTests()
    {
        _authenticator = new ApiKeyAuthenticator(Options.Create(new KeyOptions()), _clock);
        _authenticator.Use(KeySnapshot.Build([Grants.For(_secret)]));
    }

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer {0}")]
    [InlineData("BEARER {0}")]
    [InlineData("Bearer   {0}")]
    [InlineData(" Bearer {0} ")]
    public void A_known_key_is_let_in_however_the_scheme_is_written(string header)
    {
        var refusal = _authenticator.Authenticate(
            header.Replace("{0}", _secret, StringComparison.Ordinal),
            out var grant
        );

        Assert.Equal(KeyRefusal.None, refusal);
        Assert.Equal("acme", grant!.Workspace);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer    ")]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==")]
    [InlineData("BearerToken0123456789")]
    [InlineData("psk_live_without-a-scheme")]
    public void Nothing_or_another_scheme_is_a_missing_key(string? header) =>
        Assert.Equal(KeyRefusal.Missing, Refusal(header));

    [Fact]
    public void No_header_at_all_is_a_missing_key() => Assert.Equal(KeyRefusal.Missing, Refusal(StringValues.Empty));

    [Theory]
    [InlineData("Bearer tooshort")]
    [InlineData("Bearer an-unknown-key-brought-along")]
    [InlineData("Bearer 0123456789 0123456789")]
    [InlineData("Bearer 0123456789\t0123456789")]
    [InlineData("Bearer 0123456789abcdefé")]
    [InlineData("Bearer psk_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg3Hbpux")]
    [InlineData("Bearer psk_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg3Hbpuy")]
    public void What_is_no_key_of_ours_is_an_invalid_key(string header) =>
        Assert.Equal(KeyRefusal.Invalid, Refusal(header));

    [Fact]
    public void A_megabyte_is_an_invalid_key() =>
        Assert.Equal(KeyRefusal.Invalid, Refusal("Bearer " + new string('k', 1 << 20)));

    [Fact]
    public void Two_headers_are_refused_even_if_both_are_right() =>
        Assert.Equal(KeyRefusal.Invalid, Refusal(new StringValues([$"Bearer {_secret}", $"Bearer {_secret}"])));

    [Fact]
    public void Two_keys_joined_in_one_header_are_refused() =>
        Assert.Equal(KeyRefusal.Invalid, Refusal($"Bearer {_secret}, Bearer {_secret}"));

    [Theory]
    [InlineData(16)]
    [InlineData(256)]
    public void A_brought_along_key_of_any_form_is_let_in(int length)
    {
        var brought = new string('~', length);
        _authenticator.Use(KeySnapshot.Build([Grants.For(brought)]));

        Assert.Equal(KeyRefusal.None, Refusal($"Bearer {brought}"));
        Assert.Equal(KeyRefusal.Invalid, Refusal($"Bearer {_secret}"));
    }

    [Fact]
    public void A_key_with_our_prefix_is_refused_by_its_checksum_even_if_its_hash_is_known()
    {
        const string Pretender = "psk_live_without-a-checksum";
        _authenticator.Use(KeySnapshot.Build([Grants.For(Pretender)]));

        Assert.Equal(KeyRefusal.Invalid, Refusal($"Bearer {Pretender}"));
    }

    [Fact]
    public void A_key_expires_at_its_moment_and_not_before()
    {
        _authenticator.Use(KeySnapshot.Build([Grants.For(_secret) with { ExpiresAt = Noon.AddHours(1) }]));

        Assert.Equal(KeyRefusal.None, Refusal($"Bearer {_secret}"));
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.Equal(KeyRefusal.None, Refusal($"Bearer {_secret}"));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(KeyRefusal.Expired, Refusal($"Bearer {_secret}"));
    }

    [Fact]
    public void A_revoked_key_is_refused_as_revoked_even_after_its_expiry()
    {
        _authenticator.Use(KeySnapshot.Build([Grants.For(_secret) with { Revoked = true, ExpiresAt = Noon }]));

        Assert.Equal(KeyRefusal.Revoked, Refusal($"Bearer {_secret}"));
    }

    [Fact]
    public void A_refused_caller_gets_no_grant()
    {
        _authenticator.Use(KeySnapshot.Build([Grants.For(_secret) with { Revoked = true }]));

        _authenticator.Authenticate($"Bearer {_secret}", out var grant);

        Assert.Null(grant);
    }

    [Fact]
    public void Before_the_first_snapshot_nobody_is_known()
    {
        var fresh = new ApiKeyAuthenticator(Options.Create(new KeyOptions()), _clock);

        Assert.Equal(KeyRefusal.Invalid, fresh.Authenticate($"Bearer {_secret}", out _));
    }

    [Fact]
    public void Telling_who_is_calling_allocates_nothing()
    {
        _authenticator.Use(KeySnapshot.Build([Grants.For(_secret) with { ExpiresAt = Noon.AddHours(1) }]));
        StringValues known = $"Bearer {_secret}";
        StringValues unknown = "Bearer an-unknown-key-brought-along";

        Assert.Equal(0, Allocations.Of(() => _authenticator.Authenticate(known, out _)));
        Assert.Equal(0, Allocations.Of(() => _authenticator.Authenticate(unknown, out _)));
    }

    [Fact]
    public void A_scoped_key_may_call_its_models_and_no_others()
    {
        var scoped = Grants.For(_secret) with
        {
            Models = new[] { "llama-3.3-70b" }.ToFrozenSet(StringComparer.Ordinal),
        };

        Assert.True(scoped.MayCall("llama-3.3-70b"));
        Assert.False(scoped.MayCall("Llama-3.3-70B"));
        Assert.False(scoped.MayCall("gpt-oss"));
        Assert.True(Grants.For(_secret).MayCall("gpt-oss"));
        Assert.False((scoped with { Models = FrozenSet<string>.Empty }).MayCall("llama-3.3-70b"));
    }

    private KeyRefusal Refusal(StringValues header) => _authenticator.Authenticate(header, out _);
}

using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>Who is let in, and what the others are told.</summary>
public sealed class AuthenticationTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public AuthenticationTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    public async Task No_key_is_a_missing_key(string? authorization)
    {
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];

        var answer = await _fixture.Gateway.WithSecret(null).ChatAsync(ChatBody.Minimal(), headers);

        answer.ExpectError(401, "authentication_error", "missing_api_key");
        Assert.Empty(_fixture.Engine.Requests);
        Assert.Null(answer.Header("X-RateLimit-Limit"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("brought-along-secret-of-nobody")]
    [InlineData("psk_live_0000000000000000000000000000000000000000000000000")]
    [InlineData("psk_live_")]
    [InlineData("sk-proj-abcdefghijklmnopqrstuvwxyz")]
    public async Task A_wrong_key_is_invalid_wherever_it_is_shown(string secret)
    {
        var client = _fixture.Gateway.WithSecret(secret);

        foreach (
            var answer in (Answer[])
                [
                    await client.ChatAsync(ChatBody.Minimal()),
                    await client.GetAsync("/v1/models"),
                    await client.GetAsync("/v1/models/m"),
                ]
        )
        {
            answer.ExpectError(401, "authentication_error", "invalid_api_key");
            Assert.DoesNotContain(secret, answer.Text, StringComparison.Ordinal);
        }

        Assert.Empty(_fixture.Engine.Requests);
    }

    [Fact]
    public async Task A_made_key_works_and_has_the_form_of_the_contract()
    {
        var secret = await CreateAsync("made");

        Assert.True(KeyForm.IsWhole(secret), secret);
        (await _fixture.Gateway.WithSecret(secret).ChatAsync(ChatBody.Minimal())).Expect(200);
    }

    [Fact]
    public async Task A_mistyped_key_is_invalid()
    {
        var secret = await CreateAsync("mistyped");
        var mistyped = secret[..20] + (secret[20] == 'a' ? 'b' : 'a') + secret[21..];

        (await _fixture.Gateway.WithSecret(mistyped).ChatAsync(ChatBody.Minimal())).ExpectError(
            401,
            "authentication_error",
            "invalid_api_key"
        );
    }

    [Fact]
    public async Task A_revoked_key_is_refused_on_its_next_request()
    {
        var (id, secret) = await CreateWithIdAsync("revoked");
        (await _fixture.Gateway.WithSecret(secret).ChatAsync(ChatBody.Minimal())).Expect(200);

        var revoked = await _fixture.Gateway.Admin.SendAsync(HttpMethod.Post, $"keys/{id}/revoke");
        Assert.InRange(revoked.Status, 200, 204);

        (await _fixture.Gateway.WithSecret(secret).ChatAsync(ChatBody.Minimal())).ExpectError(
            401,
            "authentication_error",
            "revoked_api_key"
        );
        (await _fixture.Gateway.WithSecret(secret).GetAsync("/v1/models")).ExpectError(
            401,
            "authentication_error",
            "revoked_api_key"
        );
    }

    [Fact]
    public async Task A_deleted_key_is_unknown_on_its_next_request()
    {
        var (id, secret) = await CreateWithIdAsync("deleted");

        var deleted = await _fixture.Gateway.Admin.SendAsync(HttpMethod.Delete, $"keys/{id}");
        Assert.InRange(deleted.Status, 200, 204);

        (await _fixture.Gateway.WithSecret(secret).ChatAsync(ChatBody.Minimal())).ExpectError(
            401,
            "authentication_error",
            "invalid_api_key"
        );
    }

    [Fact]
    public async Task A_key_expires_on_its_moment()
    {
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(2).ToString("O");
        var secret = await CreateAsync("expiring", key => key["expires_at"] = soon);
        var client = _fixture.Gateway.WithSecret(secret);

        Answer? last = null;
        await Until.TrueAsync(
            async () => (last = await client.ChatAsync(ChatBody.Minimal())).Status != 200,
            "the key to expire"
        );

        last!.ExpectError(401, "authentication_error", "expired_api_key");
        Assert.True(TimeProvider.System.GetUtcNow() >= DateTimeOffset.Parse(soon), "Refused before its time.");
    }

    [Fact]
    public async Task Old_and_new_secret_both_work_within_the_grace_of_a_rotation()
    {
        var (id, old) = await CreateWithIdAsync("rotated");

        var rotated = await _fixture.Gateway.Admin.SendAsync(HttpMethod.Post, $"keys/{id}/rotate", new JsonObject());
        Assert.InRange(rotated.Status, 200, 201);
        var fresh = rotated.Json["secret"]!.GetValue<string>();

        Assert.NotEqual(old, fresh);
        (await _fixture.Gateway.WithSecret(old).ChatAsync(ChatBody.Minimal())).Expect(200);
        (await _fixture.Gateway.WithSecret(fresh).ChatAsync(ChatBody.Minimal())).Expect(200);
    }

    [Fact]
    public async Task After_the_grace_only_the_new_secret_works()
    {
        var (id, old) = await CreateWithIdAsync("rotated-fast");

        var body = new JsonObject { ["grace"] = "1s" };
        var rotated = await _fixture.Gateway.Admin.SendAsync(HttpMethod.Post, $"keys/{id}/rotate", body);
        var fresh = rotated.Json["secret"]!.GetValue<string>();

        var client = _fixture.Gateway.WithSecret(old);
        await Until.TrueAsync(
            async () => (await client.ChatAsync(ChatBody.Minimal())).Status == 401,
            "the grace to end"
        );
        (await _fixture.Gateway.WithSecret(fresh).ChatAsync(ChatBody.Minimal())).Expect(200);
    }

    [Fact]
    public async Task A_key_for_some_models_may_call_those_only()
    {
        var model = await _fixture.DeployAsync(_fixture.Engine.Url);
        var secret = await CreateAsync("scoped", key => key["models"] = new JsonArray(model));
        var client = _fixture.Gateway.WithSecret(secret);

        (await client.ChatAsync(ChatBody.Minimal(model))).Expect(200);
        (await client.ChatAsync(ChatBody.Minimal())).ExpectError(403, "permission_error", "model_not_allowed");
        (await client.ChatAsync(ChatBody.Minimal("nowhere"))).ExpectError(404, "not_found_error", "model_not_found");
    }

    [Fact]
    public async Task A_call_without_a_key_is_refused_before_its_body_is_read()
    {
        using var raw = _fixture.Gateway.Raw();

        await raw.SendAsync(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
        );

        Assert.True(await raw.HearAsync(text => text.Contains("missing_api_key", StringComparison.Ordinal)), raw.Heard);
        Assert.StartsWith("HTTP/1.1 401", raw.Heard, StringComparison.Ordinal);
    }

    private async Task<string> CreateAsync(string name, Action<JsonObject>? more = null) =>
        (await CreateWithIdAsync(name, more)).Secret;

    private async Task<(string Id, string Secret)> CreateWithIdAsync(string name, Action<JsonObject>? more = null)
    {
        var body = new JsonObject { ["workspace"] = RecordedGateway.Tenant, ["name"] = name };
        more?.Invoke(body);
        var key = await _fixture.Gateway.Admin.CreateAsync("keys", body);
        return (key["id"]!.GetValue<string>(), key["secret"]!.GetValue<string>());
    }
}

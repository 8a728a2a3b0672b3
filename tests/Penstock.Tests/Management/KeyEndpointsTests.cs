using System.Text;
using Penstock.Contracts;
using Penstock.Keys;

namespace Penstock.Tests.Management;

public sealed class KeyEndpointsTests
{
    private static CancellationToken Stop => ManagementServer.Stop;

    [Fact]
    public async Task The_secret_is_in_the_answer_to_its_creation_and_nowhere_else()
    {
        await using var server = await StartAsync();

        var made = await server.Client.CreateKeyAsync(new CreateKey { Workspace = "acme", Name = "ci" }, Stop);
        var secret = made.Value.Secret!;
        var read = await server.Client.GetKeyAsync(made.Value.Id.ToString(), Stop);
        var (_, list) = await server.SendAsync(HttpMethod.Get, Routes.Keys);
        var (_, audit) = await server.SendAsync(HttpMethod.Get, Routes.Audit);

        Assert.StartsWith("psk_live_", secret, StringComparison.Ordinal);
        Assert.True(ApiKeySecret.ChecksumHolds(Encoding.ASCII.GetBytes(secret)));
        Assert.Equal($"psk_live_...{secret[^4..]}", made.Value.Hint);
        Assert.Null(read.Value.Secret);
        Assert.Equal(made.ETag, read.ETag);
        Assert.DoesNotContain(secret, list.GetRawText() + audit.GetRawText(), StringComparison.Ordinal);
        var grant = Assert.Single(Penstock.Registry.Grants.Of(server.Registry.State));
        Assert.Equal(ApiKeyHash.Of(Encoding.ASCII.GetBytes(secret)), grant.Hash);
    }

    [Fact]
    public async Task A_key_keeps_what_it_was_given()
    {
        await using var server = await StartAsync();
        var expiry = new DateTimeOffset(2099, 12, 31, 0, 0, 0, TimeSpan.Zero);

        var made = await server.Client.CreateKeyAsync(
            new CreateKey
            {
                Workspace = "acme",
                Name = "ci",
                RequestsPerMinute = 900,
                Burst = 20,
                Models = ["a", "b/c"],
                Permissions = ["engine-controls"],
                ExpiresAt = expiry,
            },
            Stop
        );
        var key = (await server.Client.GetKeyAsync(made.Value.Id.ToString(), Stop)).Value;

        Assert.Equal((900, 20, expiry), (key.RequestsPerMinute, key.Burst, key.ExpiresAt));
        Assert.Equal(["a", "b/c"], key.Models!);
        Assert.Equal(["engine-controls"], key.Permissions);
        var grant = Assert.Single(Penstock.Registry.Grants.Of(server.Registry.State));
        Assert.Equal((900, 20, true), (grant.RequestsPerMinute, grant.Burst, grant.EngineControls));
    }

    [Theory]
    [InlineData(
        """{"workspace":"acme","requests_per_minute":1001}""",
        403,
        "plan_limit_exceeded",
        "requests_per_minute"
    )]
    [InlineData("""{"workspace":"acme","burst":1001}""", 403, "plan_limit_exceeded", "burst")]
    [InlineData("""{"workspace":"free"}""", 403, "plan_limit_exceeded", "workspace")]
    [InlineData("""{"workspace":"acm"}""", 400, "invalid_value", "workspace")]
    [InlineData("{}", 400, "missing_required_parameter", null)]
    [InlineData("""{"workspace":"acme","permissions":["root"]}""", 400, "invalid_value", "permissions[0]")]
    [InlineData("""{"workspace":"acme","models":[]}""", 400, "invalid_value", "models")]
    [InlineData("""{"workspace":"acme","models":["a","a"]}""", 400, "invalid_value", "models[1]")]
    [InlineData("""{"workspace":"acme","models":"a"}""", 400, "invalid_type", "models")]
    [InlineData("""{"workspace":"acme","sha256":"abc"}""", 400, "invalid_value", "sha256")]
    [InlineData("""{"workspace":"acme","secret":"short"}""", 400, "invalid_value", "secret")]
    [InlineData("""{"workspace":"acme","secret":"psk_live_mistyped-key-0000000"}""", 400, "invalid_value", "secret")]
    [InlineData("""{"workspace":"acme","secret_env":"X"}""", 400, "unsupported_parameter", "secret_env")]
    [InlineData("""{"workspace":"acme","expires_at":"2001-01-01"}""", 400, "invalid_value", "expires_at")]
    [InlineData("""{"workspace":"acme","expires_at":"soon"}""", 400, "invalid_value", "expires_at")]
    [InlineData("""{"workspace":"acme","expires_at":"999999d"}""", 400, "invalid_value", "expires_at")]
    [InlineData("""{"workspace":"acme","name":"taken"}""", 409, "already_exists", "name")]
    public async Task A_key_that_cannot_be_made_is_refused(string json, int status, string code, string? param)
    {
        await using var server = await StartAsync();
        await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "free", Plan = "starter" }, Stop);
        await server.Client.CreateKeyAsync(new CreateKey { Workspace = "acme", Name = "taken" }, Stop);

        var refusal = await server.RefusalAsync(HttpMethod.Post, Routes.Keys, json);

        Assert.Equal((status, code, param), (refusal.Status, refusal.Code, refusal.Param));
        Assert.Single(server.Registry.State.Keys);
    }

    [Fact]
    public async Task Brought_along_keys_are_known_by_their_hash_and_only_once()
    {
        await using var server = await StartAsync();
        const string Secret = "an-old-key-of-the-operator-0123456789";
        var hash = Convert.ToHexStringLower(ApiKeyHash.Of(Encoding.ASCII.GetBytes(Secret)).ToBytes());

        var bySecret = await server.Client.CreateKeyAsync(new CreateKey { Workspace = "acme", Secret = Secret }, Stop);
        var (status, code, param, _) = await server.RefusalAsync(
            HttpMethod.Post,
            Routes.Keys,
            $$"""{"workspace":"acme","sha256":"{{hash}}"}"""
        );

        Assert.Null(bySecret.Value.Secret);
        Assert.Equal("...6789", bySecret.Value.Hint);
        Assert.Equal((409, "already_exists", "sha256"), (status, code, param));
        var grant = Assert.Single(Penstock.Registry.Grants.Of(server.Registry.State));
        Assert.Equal(ApiKeyHash.Of(Encoding.ASCII.GetBytes(Secret)), grant.Hash);
    }

    [Fact]
    public async Task A_length_of_time_counts_from_now()
    {
        await using var server = await StartAsync();
        const string Json = """{"workspace":"acme","expires_at":"30d"}""";

        var (_, body) = await server.SendAsync(HttpMethod.Post, Routes.Keys, Json);

        var (made, ends) = (
            body.GetProperty("created_at").GetDateTimeOffset(),
            body.GetProperty("expires_at").GetDateTimeOffset()
        );
        Assert.Equal(30, Math.Round((ends - made).TotalDays));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_null_goes_back_to_the_plan()
    {
        await using var server = await StartAsync();
        var create = new CreateKey
        {
            Workspace = "acme",
            Name = "ci",
            RequestsPerMinute = 9,
            Models = ["a"],
        };
        var path = Routes.OfKey((await server.Client.CreateKeyAsync(create, Stop)).Value.Id.ToString());

        var (_, first) = await server.SendAsync(HttpMethod.Patch, path, """{"burst":3}""");
        var (_, second) = await server.SendAsync(
            HttpMethod.Patch,
            path,
            """{"requests_per_minute":null,"models":null}"""
        );
        var refusal = await server.RefusalAsync(HttpMethod.Patch, path, """{"workspace":"other"}""");

        Assert.Equal(
            (9, 3),
            (first.GetProperty("requests_per_minute").GetInt32(), first.GetProperty("burst").GetInt32())
        );
        Assert.Equal("""["a"]""", first.GetProperty("models").GetRawText());
        Assert.Equal("null", second.GetProperty("requests_per_minute").GetRawText());
        Assert.Equal("null", second.GetProperty("models").GetRawText());
        Assert.Equal("ci", second.GetProperty("name").GetString());
        Assert.Equal("unsupported_parameter", refusal.Code);
    }

    [Fact]
    public async Task A_rotated_key_works_until_its_grace_is_over()
    {
        await using var server = await StartAsync();
        var old = (await server.Client.CreateKeyAsync(new CreateKey { Workspace = "acme", Name = "ci" }, Stop)).Value;

        var next = (await server.Client.RotateKeyAsync(old.Id.ToString(), new RotateKey { Grace = "2h" }, Stop)).Value;
        var superseded = (await server.Client.GetKeyAsync(old.Id.ToString(), Stop)).Value;
        var again = await server.RefusalAsync(HttpMethod.Post, Routes.OfKeyRotation(old.Id.ToString()));

        Assert.NotNull(next.Secret);
        Assert.NotEqual(old.Secret, next.Secret);
        Assert.Equal((old.Id, "ci"), (next.RotatedFrom!.Value, next.Name));
        Assert.Null(superseded.RevokedAt);
        Assert.Equal(next.CreatedAt.AddHours(2), superseded.ExpiresAt);
        Assert.Null(next.ExpiresAt);
        Assert.Equal((409, "conflict"), (again.Status, again.Code));
        Assert.Equal(2, Penstock.Registry.Grants.Of(server.Registry.State).Count);
    }

    [Fact]
    public async Task A_rotation_without_a_body_gives_a_day()
    {
        await using var server = await StartAsync();
        var old = (await server.Client.CreateKeyAsync(new CreateKey { Workspace = "acme" }, Stop)).Value;

        var (_, next) = await server.SendAsync(HttpMethod.Post, Routes.OfKeyRotation(old.Id.ToString()));
        var superseded = (await server.Client.GetKeyAsync(old.Id.ToString(), Stop)).Value;

        Assert.Equal(next.GetProperty("created_at").GetDateTimeOffset().AddHours(24), superseded.ExpiresAt);
    }

    [Fact]
    public async Task A_revoked_key_is_still_known_and_a_deleted_one_is_not()
    {
        await using var server = await StartAsync();
        var id = (await server.Client.CreateKeyAsync(new CreateKey { Workspace = "acme", Name = "ci" }, Stop)).Value.Id;

        var revoked = await server.Client.RevokeKeyAsync(id.ToString(), null, Stop);
        var again = await server.Client.RevokeKeyAsync(id.ToString(), null, Stop);
        var grant = Assert.Single(Penstock.Registry.Grants.Of(server.Registry.State));
        await server.Client.CreateKeyAsync(new CreateKey { Workspace = "acme", Name = "ci" }, Stop);
        await server.Client.DeleteKeyAsync(id.ToString(), again.ETag, Stop);

        Assert.NotNull(revoked.Value.RevokedAt);
        Assert.Equal(revoked, again with { Value = revoked.Value });
        Assert.True(grant.Revoked);
        Assert.Single(Penstock.Registry.Grants.Of(server.Registry.State));
        Assert.Equal(404, (await server.RefusalAsync(HttpMethod.Get, Routes.OfKey(id.ToString()))).Status);
    }

    [Fact]
    public async Task A_list_can_be_of_one_workspace()
    {
        await using var server = await StartAsync();
        await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "other" }, Stop);
        await server.Client.CreateKeyAsync(new CreateKey { Workspace = "acme", Name = "a" }, Stop);
        await server.Client.CreateKeyAsync(new CreateKey { Workspace = "other", Name = "b" }, Stop);

        var mine = await server.Client.ListKeysAsync("acme", new Page(), Stop);
        var nobodys = await server.RefusalAsync(HttpMethod.Get, $"{Routes.Keys}?workspace=nobody");

        Assert.Equal(["a"], mine.Data.Select(key => key.Name));
        Assert.Equal((404, "not_found"), (nobodys.Status, nobodys.Code));
    }

    [Theory]
    [InlineData("not-a-uuid")]
    [InlineData("0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10")]
    public async Task What_is_not_there_is_not_found_by_any_method(string id)
    {
        await using var server = await StartAsync();

        foreach (var path in new[] { Routes.OfKey(id), Routes.OfDeployment(id) })
        {
            Assert.Equal("not_found", (await server.RefusalAsync(HttpMethod.Get, path)).Code);
            Assert.Equal("not_found", (await server.RefusalAsync(HttpMethod.Patch, path, "{}")).Code);
            Assert.Equal("not_found", (await server.RefusalAsync(HttpMethod.Delete, path)).Code);
        }
    }

    private static async Task<ManagementServer> StartAsync()
    {
        var server = await ManagementServer.StartAsync();
        await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "acme" }, Stop);
        return server;
    }
}

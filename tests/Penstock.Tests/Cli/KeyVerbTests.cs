using System.Text.Json;

namespace Penstock.Tests.Cli;

public sealed class KeyVerbTests : IAsyncLifetime
{
    private FakeManagementServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeManagementServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<CliOutcome> Run(string line) => CommandLine.To(_server).RunAsync(line);

    [Fact]
    public async Task Create_sends_every_grant()
    {
        _server.Will(CannedAnswer.Of(Samples.Key with { Secret = Samples.Secret }, 201));
        await Run(
            "keys create --workspace acme --name ci --rpm 900 --burst 90 --models a,b --models c "
                + "--permissions engine-controls --expires 30d"
        );
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/admin/v1/keys"), (request.Method, request.PathAndQuery));
        Assert.Equal(
            """{"workspace":"acme","name":"ci","requests_per_minute":900,"burst":90,"models":["a","b","c"],"""
                + """ "permissions":["engine-controls"],"expires_at":"2026-02-01T03:04:05+00:00"}""".TrimStart(),
            request.Body
        );
    }

    [Fact]
    public async Task Create_with_nothing_but_a_workspace_leaves_the_rest_to_the_server()
    {
        _server.Will(CannedAnswer.Of(Samples.Key, 201));
        await Run("keys create --workspace acme");
        Assert.Equal("""{"workspace":"acme"}""", Assert.Single(_server.Requests).Body);
    }

    [Fact]
    public async Task A_new_secret_is_on_stdout_once_whole_and_with_its_warning()
    {
        _server.Will(CannedAnswer.Of(Samples.Key with { Secret = Samples.Secret }, 201));
        var outcome = await Run("keys create --workspace acme --name ci");
        Assert.Equal(2, outcome.Out.Split(Samples.Secret).Length);
        Assert.Contains("not shown again", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(Samples.Secret, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_secret_is_in_the_json_too()
    {
        _server.Will(CannedAnswer.Of(Samples.Key with { Secret = Samples.Secret }, 201));
        var outcome = await Run("keys create --workspace acme --json");
        using var document = JsonDocument.Parse(outcome.Out);
        Assert.Equal(Samples.Secret, document.RootElement.GetProperty("secret").GetString());
    }

    [Fact]
    public async Task A_key_brought_along_is_sent_by_hash_or_from_a_variable()
    {
        _server.Will(CannedAnswer.Of(Samples.Key, 201), CannedAnswer.Of(Samples.Key, 201));
        await Run("keys create --workspace acme --sha256 9f86d081");
        var line = CommandLine.To(_server);
        line.Environment["CI_KEY"] = "brought-along-key";
        await line.RunAsync("keys create --workspace acme --secret-env CI_KEY");
        Assert.Equal(
            ["""{"workspace":"acme","sha256":"9f86d081"}""", """{"workspace":"acme","secret":"brought-along-key"}"""],
            _server.Requests.Select(r => r.Body)
        );
    }

    [Fact]
    public async Task A_variable_without_a_key_in_it_stops_before_anything_is_sent()
    {
        var outcome = await Run("keys create --workspace acme --secret-env CI_KEY");
        Assert.Equal((1, "error: --secret-env: the variable CI_KEY is not set.\n"), (outcome.ExitCode, outcome.Error));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Set_tells_null_from_absent()
    {
        _server.Will(CannedAnswer.Of(Samples.Key), CannedAnswer.Of(Samples.Key), CannedAnswer.Of(Samples.Key));
        await Run($"keys set {Samples.Id} --rpm plan --burst plan --all-models --no-permissions --expires never");
        await Run($"keys set {Samples.Id} --rpm 5 --models a --permissions engine-controls --expires 2030-01-31");
        await Run($"keys set {Samples.Id} --name new");
        Assert.All(
            _server.Requests,
            r => Assert.Equal($"PATCH /admin/v1/keys/{Samples.Id}", $"{r.Method} {r.PathAndQuery}")
        );
        Assert.Equal(
            [
                """{"requests_per_minute":null,"burst":null,"models":null,"permissions":null,"expires_at":null}""",
                """{"requests_per_minute":5,"models":["a"],"permissions":["engine-controls"],"expires_at":"2030-01-31T00:00:00+00:00"}""",
                """{"name":"new"}""",
            ],
            _server.Requests.Select(r => r.Body)
        );
    }

    [Theory]
    [InlineData("", "{}", "24h")]
    [InlineData(" --grace 2h", """{"grace":"2h"}""", "2h")]
    public async Task Rotate_shows_the_new_secret_and_how_long_the_old_one_works(string flag, string body, string said)
    {
        _server.Will(CannedAnswer.Of(Samples.Key with { Secret = Samples.Secret, RotatedFrom = Samples.OtherId }));
        var outcome = await Run($"keys rotate {Samples.Id}{flag}");
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", $"/admin/v1/keys/{Samples.Id}/rotate"), (request.Method, request.PathAndQuery));
        Assert.Equal(body, request.Body);
        Assert.Contains(Samples.Secret, outcome.Out, StringComparison.Ordinal);
        Assert.Contains($"works for {said} more", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_posts_and_shows_when()
    {
        _server.Will(CannedAnswer.Of(Samples.Key with { RevokedAt = CommandLine.Now }));
        var outcome = await Run($"keys revoke {Samples.Id}");
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", $"/admin/v1/keys/{Samples.Id}/revoke"), (request.Method, request.PathAndQuery));
        Assert.Contains("2026-01-02 03:04:05Z", outcome.Out, StringComparison.Ordinal);
        Assert.Equal("Revoked key ci of workspace acme.\n", outcome.Error);
    }

    [Theory]
    [InlineData(1, false, true)]
    [InlineData(-1, false, false)]
    [InlineData(1, true, false)]
    public async Task Revoke_warns_of_a_predecessor_that_still_works(int hoursLeft, bool revoked, bool warned)
    {
        var old = Samples.Key with
        {
            Id = Samples.OtherId,
            ExpiresAt = CommandLine.Now.AddHours(hoursLeft),
            RevokedAt = revoked ? CommandLine.Now : null,
        };
        _server.Will(CannedAnswer.Of(Samples.Key with { RotatedFrom = old.Id }), CannedAnswer.Of(old));
        var outcome = await Run($"keys revoke {Samples.Id}");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(warned, outcome.Error.Contains($"penstock keys revoke {old.Id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Revoke_is_done_even_if_its_predecessor_is_gone()
    {
        _server.Will(
            CannedAnswer.Of(Samples.Key with { RotatedFrom = Samples.OtherId }),
            CannedAnswer.Refusal(404, "not_found", "No such key.")
        );
        var outcome = await Run($"keys revoke {Samples.Id}");
        Assert.Equal((0, "Revoked key ci of workspace acme.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task A_name_means_the_key_in_use_not_its_revoked_or_rotated_namesakes()
    {
        var rotated = Samples.Key with { Id = Samples.OtherId };
        var revoked = Samples.Key with { Id = Guid.NewGuid(), RevokedAt = CommandLine.Now };
        var current = Samples.Key with { RotatedFrom = rotated.Id };
        _server.Will(CannedAnswer.Of(Samples.ListOf(rotated, revoked, current)), CannedAnswer.Of(current));
        Assert.Equal(0, (await Run("keys set ci --rpm 5")).ExitCode);
        Assert.Equal($"/admin/v1/keys/{Samples.Id}", _server.Requests[1].PathAndQuery);
    }

    [Fact]
    public async Task A_key_may_be_named_by_its_name()
    {
        var other = Samples.Key with { Id = Samples.OtherId, Name = "other" };
        _server.Will(CannedAnswer.Of(Samples.ListOf(other, Samples.Key)), CannedAnswer.Of(Samples.Key));
        await Run("keys revoke ci --workspace acme");
        Assert.Equal(
            ["/admin/v1/keys?workspace=acme&limit=500", $"/admin/v1/keys/{Samples.Id}/revoke"],
            _server.Requests.Select(r => r.PathAndQuery)
        );
    }

    [Fact]
    public async Task A_name_of_two_keys_is_refused_and_both_are_listed()
    {
        var twin = Samples.Key with { Id = Samples.OtherId, Workspace = "globex" };
        _server.Will(CannedAnswer.Of(Samples.ListOf(twin, Samples.Key)));
        var outcome = await Run("keys revoke ci");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"{Samples.OtherId} (workspace globex)", outcome.Error, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_name_of_no_key_is_refused()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Samples.Key)));
        var outcome = await Run("keys revoke nobody");
        Assert.Equal((1, "error: there is no key \"nobody\" (not_found)\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task The_list_says_in_what_state_each_key_is()
    {
        _server.Will(
            CannedAnswer.Of(
                Samples.ListOf(
                    Samples.Key,
                    Samples.Key with
                    {
                        RevokedAt = CommandLine.Now,
                    },
                    Samples.Key with
                    {
                        ExpiresAt = CommandLine.Now,
                    },
                    Samples.Key with
                    {
                        ExpiresAt = CommandLine.Now.AddDays(1),
                        RequestsPerMinute = 900,
                        Models = ["a"],
                    }
                )
            )
        );
        var lines = (await Run("keys list")).Out.Trim().Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.Contains(" active ", lines[1], StringComparison.Ordinal);
        Assert.Contains(" revoked 2026-01-02", lines[2], StringComparison.Ordinal);
        Assert.Contains(" expired 2026-01-02", lines[3], StringComparison.Ordinal);
        Assert.Contains(" until 2026-01-03", lines[4], StringComparison.Ordinal);
        Assert.Contains(" 900 ", lines[4], StringComparison.Ordinal);
    }
}

using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>The management verbs against a running gateway: what they print, and their exit codes.</summary>
public sealed class CliTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public CliTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    private Cli Cli => _fixture.Gateway.Cli;

    [Fact]
    public async Task From_nothing_to_an_answer_by_verbs_alone()
    {
        (await Cli.RunAsync("workspaces", "create", "by-verbs", "--plan", "team")).Expect(0);
        string[] deployment =
        [
            "deployments",
            "create",
            "--workspace",
            "by-verbs",
            "--model",
            "m",
            "--upstream-model",
            "org/model",
            "--backend",
            "vllm",
            "--replica",
            _fixture.Engine.Url,
        ];
        (await Cli.RunAsync(deployment)).Expect(0);
        var created = (await Cli.RunAsync("keys", "create", "--workspace", "by-verbs", "--name", "k", "--json")).Expect(
            0
        );
        var secret = created.Json["secret"]!.GetValue<string>();

        var answer = (await _fixture.Gateway.WithSecret(secret).ChatAsync(ChatBody.Minimal())).Expect(200);

        Assert.True(KeyForm.IsWhole(secret), secret);
        Assert.Equal("team", answer.Header("X-RateLimit-Tier"));
    }

    [Fact]
    public async Task A_key_can_be_listed_set_rotated_and_revoked()
    {
        var created = (
            await Cli.RunAsync("keys", "create", "--workspace", "acme", "--name", "cycle", "--rpm", "77", "--json")
        )
            .Expect(0)
            .Json;
        var (id, secret) = (created["id"]!.GetValue<string>(), created["secret"]!.GetValue<string>());

        var listed = (await Cli.RunAsync("keys", "list", "--json")).Expect(0);
        Assert.Contains(id, listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed.Output, StringComparison.Ordinal);
        Assert.Equal("77", await LimitAsync(secret));

        (await Cli.RunAsync("keys", "set", id, "--rpm", "88")).Expect(0);
        Assert.Equal("88", await LimitAsync(secret));

        var rotated = (await Cli.RunAsync("keys", "rotate", id, "--json")).Expect(0).Json["secret"]!.GetValue<string>();
        Assert.NotEqual(secret, rotated);
        Assert.Equal("88", await LimitAsync(rotated));

        (await Cli.RunAsync("keys", "revoke", id)).Expect(0);
        (await _fixture.Gateway.WithSecret(secret).GetAsync("/v1/models")).Expect(401);
    }

    [Theory]
    [InlineData("workspaces")]
    [InlineData("keys")]
    [InlineData("deployments")]
    public async Task A_list_in_JSON_is_one_document_and_nothing_else(string resource)
    {
        var listed = (await Cli.RunAsync(resource, "list", "--json")).Expect(0);

        Assert.True(listed.Json is JsonArray or JsonObject, listed.ToString());
        Assert.Contains("acme", listed.Output, StringComparison.Ordinal);
        (await Cli.RunAsync(resource, "list")).Expect(0);
    }

    [Fact]
    public async Task A_deployment_can_be_shown_set_and_deleted()
    {
        var made = await _fixture.Gateway.DeployAsync("acme", "by-cli", "org/model", _fixture.Engine.Url);
        var id = made["id"]!.GetValue<string>();

        var shown = (await Cli.RunAsync("deployments", "show", id, "--json")).Expect(0).Json;
        Assert.Equal("org/model", shown["upstream_model"]!.GetValue<string>());

        (await Cli.RunAsync("deployments", "set", id, "--upstream-model", "org/other")).Expect(0);
        var answer = (await _fixture.Client.ChatAsync(ChatBody.Minimal("by-cli"))).Expect(200);
        Assert.Equal("org/other", answer.Header("X-Model-Used"));

        (await Cli.RunAsync("deployments", "delete", id)).Expect(0);
        (await _fixture.Client.ChatAsync(ChatBody.Minimal("by-cli"))).Expect(404);
        (await Cli.RunAsync("deployments", "show", id)).Expect(1);
    }

    [Fact]
    public async Task What_is_refused_exits_with_1_and_says_why_on_stderr()
    {
        ProcessResult[] refused =
        [
            await Cli.RunAsync("keys", "create", "--workspace", "no-such-workspace"),
            await Cli.RunAsync("workspaces", "create", "acme", "--plan", "pro"),
            await Cli.RunAsync("workspaces", "create", "new", "--plan", "no-such-plan"),
            await Cli.RunAsync("keys", "revoke", "00000000-0000-0000-0000-000000000000"),
        ];

        foreach (var result in refused)
        {
            result.Expect(1);
            Assert.NotEmpty(result.Errors);
            Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Wrong_usage_exits_with_2()
    {
        (await Cli.RunAsync("nonsense")).Expect(2);
        (await Cli.RunAsync("keys", "create", "--no-such-option")).Expect(2);
        (await Cli.RunAsync("keys", "create", "--workspace", "acme", "--rpm", "many")).Expect(2);
        (await Cli.RunAsync("workspaces", "create")).Expect(2);
    }

    [Fact]
    public async Task Nobody_there_or_a_wrong_token_exits_with_1()
    {
        var nobody = new Cli(
            Setting.Of(("PENSTOCK_SERVER", $"http://127.0.0.1:{FreePort.Take()}"), ("PENSTOCK_ADMIN_TOKEN", "x"))
        );
        var stranger = new Cli(
            Setting.Of(("PENSTOCK_SERVER", _fixture.Gateway.BaseUrl), ("PENSTOCK_ADMIN_TOKEN", "wrong"))
        );

        Assert.NotEmpty((await nobody.RunAsync("keys", "list")).Expect(1).Errors);
        Assert.NotEmpty((await stranger.RunAsync("keys", "list")).Expect(1).Errors);
    }

    [Fact]
    public async Task The_version_is_told()
    {
        var version = (await Cli.RunAsync("version")).Expect(0);

        Assert.Matches(@"\d+\.\d+\.\d+", version.Output);
        _ = (await Cli.RunAsync("version", "--json")).Expect(0).Json;
    }

    [Fact]
    public async Task The_doctor_tells_what_is_well_and_what_is_not()
    {
        string[] where = ["--data", _fixture.Gateway.DataFolder, "--server", _fixture.Gateway.BaseUrl];
        using var folder = new TempFolder();
        var file = folder.Write("broken.yaml", "workspaces:\n  - name: acme\n    plan: 7\n    nonsense: 1\n");

        var well = (await Cli.RunAsync(["doctor", "--json", .. where])).Expect(0);
        var ill = (await Cli.RunAsync(["doctor", "--config", file, .. where])).Expect(1);

        Assert.NotEmpty(well.Json.AsObject());
        Assert.Contains("nonsense", ill.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_may_be_made_for_some_models_and_some_days()
    {
        string[] arguments =
        [
            "--workspace",
            "acme",
            "--models",
            "m,other",
            "--expires",
            "30d",
            "--burst",
            "3",
            "--json",
        ];

        var key = (await Cli.RunAsync(["keys", "create", "--name", "for-some", .. arguments])).Expect(0).Json;

        Assert.Equal(["m", "other"], key["models"]!.AsArray().Select(model => model!.GetValue<string>()));
        var days = DateTimeOffset.Parse(key["expires_at"]!.GetValue<string>()) - TimeProvider.System.GetUtcNow();
        Assert.InRange(days.TotalDays, 29, 30);
        Assert.Equal(3, key["burst"]!.GetValue<int>());
    }

    private async Task<string?> LimitAsync(string secret) =>
        (await _fixture.Gateway.WithSecret(secret).GetAsync("/v1/models")).Expect(200).Header("X-RateLimit-Limit");
}

using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>The management API as a program meets it: token, pages, tags, errors and the trail of every change.</summary>
public sealed class ManagementTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public ManagementTests(RecordedGateway fixture) => _fixture = fixture;

    private AdminClient Admin => _fixture.Gateway.Admin;

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("brought-along-secret-of-acme")]
    public async Task Without_the_token_nothing_is_told(string? token)
    {
        foreach (var path in (string[])["workspaces", "keys", "deployments", "export", "audit"])
        {
            (await _fixture.Gateway.WithSecret(token).GetAsync("/admin/v1/" + path)).ExpectError(
                401,
                "authentication_error",
                "invalid_admin_token"
            );
        }
    }

    [Fact]
    public async Task A_list_comes_in_pages()
    {
        for (var i = 0; i < 7; i++)
        {
            await Admin.CreateAsync("keys", new JsonObject { ["workspace"] = "acme", ["name"] = $"page-{i}" });
        }

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await Admin.GetAsync($"keys?limit=3{(cursor is null ? "" : "&cursor=" + cursor)}"))
                .Expect(200)
                .Json;
            Assert.InRange(page["data"]!.AsArray().Count, 1, 3);
            names.AddRange(page["data"]!.AsArray().Select(row => row!["name"]!.GetValue<string>()));
            cursor = page["next_cursor"]?.GetValue<string>();
        } while (cursor is not null);

        Assert.Equal(7, names.Count(name => name.StartsWith("page-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stale_tag_is_refused()
    {
        var made = await Admin.CreateAsync("workspaces", new JsonObject { ["name"] = "tagged", ["plan"] = "pro" });
        var path = $"workspaces/{made["id"]!.GetValue<string>()}";
        var tag = (await Admin.GetAsync(path)).Expect(200).Header("ETag")!;
        var change = new JsonObject { ["plan"] = "team" };

        (await Admin.SendAsync(HttpMethod.Patch, path, change, tag)).Expect(200);
        var stale = await Admin.SendAsync(HttpMethod.Patch, path, new JsonObject { ["plan"] = "pro" }, tag);

        Assert.Equal("precondition_failed", ErrorEnvelope.Of(stale.Expect(412)).Code);
        Assert.Equal("team", (await Admin.GetAsync(path)).Json["plan"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        var body = new JsonObject { ["name"] = "taken", ["plan"] = "pro" };
        await Admin.CreateAsync("workspaces", body);

        var again = (await Admin.SendAsync(HttpMethod.Post, "workspaces", body.DeepClone())).Expect(409);

        Assert.Equal("already_exists", ErrorEnvelope.Of(again).Code);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        foreach (
            var path in (string[])["workspaces/none", $"keys/{Guid.Empty}", $"deployments/{Guid.Empty}", "plans/none"]
        )
        {
            Assert.Equal("not_found", ErrorEnvelope.Of((await Admin.GetAsync(path)).Expect(404)).Code);
        }
    }

    [Fact]
    public async Task The_four_plans_are_shipped()
    {
        var names = (await Admin.ListAsync("plans")).Select(plan => plan["name"]!.GetValue<string>());

        Assert.Superset(
            new HashSet<string>(["starter", "pro", "team", "enterprise"], StringComparer.Ordinal),
            names.ToHashSet(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_secret_is_shown_once()
    {
        var made = await Admin.CreateAsync("keys", new JsonObject { ["workspace"] = "acme", ["name"] = "once" });
        var secret = made["secret"]!.GetValue<string>();

        var shown = (await Admin.GetAsync($"keys/{made["id"]!.GetValue<string>()}")).Expect(200);

        Assert.DoesNotContain(secret, shown.Text, StringComparison.Ordinal);
        Assert.Null(shown.Json["secret"]);
        Assert.EndsWith(secret[^4..], shown.Json["hint"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            secret,
            (await Admin.GetAsync("audit?limit=500")).Expect(200).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_replicas_credential_goes_in_and_never_comes_out()
    {
        const string credential = "engine-credential-in-clear";
        var made = await _fixture.Gateway.DeployAsync(
            "acme",
            "with-credential",
            "org/model",
            _fixture.Engine.Url,
            deployment => deployment["replicas"]![0]!["api_key"] = credential
        );
        _fixture.Engine.Reset();
        (await _fixture.Client.ChatAsync(ChatBody.Minimal("with-credential"))).Expect(200);

        Assert.Equal($"Bearer {credential}", Assert.Single(_fixture.Engine.Requests).Header("Authorization"));
        Answer[] places =
        [
            await Admin.GetAsync($"deployments/{made["id"]!.GetValue<string>()}"),
            await Admin.GetAsync("deployments?limit=500"),
            await Admin.GetAsync("audit?limit=500"),
            await Admin.GetAsync("export"),
        ];
        Assert.DoesNotContain(credential, made.ToJsonString(), StringComparison.Ordinal);
        Assert.All(
            places,
            place => Assert.DoesNotContain(credential, place.Expect(200).Text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Every_change_leaves_a_row()
    {
        var made = await Admin.CreateAsync("workspaces", new JsonObject { ["name"] = "watched", ["plan"] = "pro" });
        var id = made["id"]!.GetValue<string>();
        (await Admin.SendAsync(HttpMethod.Patch, $"workspaces/{id}", new JsonObject { ["plan"] = "team" })).Expect(200);

        var rows = (await Admin.ListAsync("audit")).Where(row => row["id"]?.ToString() == id).ToList();

        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.False(string.IsNullOrEmpty(row["actor"]?.ToString()), row.ToJsonString()));
        var update = Assert.Single(rows, row => row["before"] is not null && row["after"] is not null);
        Assert.Contains("pro", update["before"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("team", update["after"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_management_API_describes_itself()
    {
        var answer = (await _fixture.Gateway.WithSecret(null).GetAsync("/openapi/admin.json")).Expect(200);

        Assert.Contains(
            answer.Json["paths"]!.AsObject(),
            path => path.Key.StartsWith("/admin/v1/keys", StringComparison.Ordinal)
        );
    }
}

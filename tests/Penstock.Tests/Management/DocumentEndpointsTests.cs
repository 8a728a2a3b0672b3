using System.Net;
using System.Text.Json;
using Penstock.Contracts;

namespace Penstock.Tests.Management;

public sealed class DocumentEndpointsTests
{
    private const string Document = """
        workspaces:
          - name: acme
            plan: team
        deployments:
          - workspace: acme
            model: m
            backend: vllm
            replicas: [{ url: "http://127.0.0.1:8000" }]
        """;

    private static CancellationToken Stop => ManagementServer.Stop;

    [Fact]
    public async Task A_dry_run_says_what_an_apply_then_does()
    {
        await using var server = await ManagementServer.StartAsync();

        var dry = await server.Client.ApplyAsync(Document, prune: false, dryRun: true, Stop);
        Assert.Empty(server.Registry.State.Workspaces);
        var applied = await server.Client.ApplyAsync(Document, prune: false, dryRun: false, Stop);
        var again = await server.Client.ApplyAsync(Document, prune: false, dryRun: false, Stop);

        Assert.Equal(["create workspace acme", "create deployment acme/m"], Lines(dry));
        Assert.Equal(Lines(dry), Lines(applied));
        Assert.Empty(again.Changes);
    }

    [Fact]
    public async Task A_document_with_mistakes_changes_nothing_and_all_of_them_are_told_with_their_lines()
    {
        await using var server = await ManagementServer.StartAsync();
        var document =
            Document.Replace("plan: team", "paln: team", StringComparison.Ordinal) + "\n    retry: { attempts: 99 }\n";

        var error = await Assert.ThrowsAsync<ManagementException>(() =>
            server.Client.ApplyAsync(document, prune: false, dryRun: false, Stop)
        );

        Assert.Equal(400, error.Status);
        Assert.Equal([(3, 5), (9, 24)], error.Details.Select(detail => (detail.Line!.Value, detail.Column!.Value)));
        Assert.Empty(server.Registry.State.Workspaces);
    }

    [Fact]
    public async Task The_export_comes_as_yaml_and_as_json_and_both_can_be_applied()
    {
        await using var server = await ManagementServer.StartAsync();
        await server.Client.ApplyAsync(Document, prune: false, dryRun: false, Stop);

        var yaml = await server.Client.ExportAsync(asJson: false, Stop);
        var json = await server.Client.ExportAsync(asJson: true, Stop);

        using var parsed = JsonDocument.Parse(json);
        Assert.Equal("acme", parsed.RootElement.GetProperty("workspaces")[0].GetProperty("name").GetString());
        Assert.Empty((await server.Client.ApplyAsync(yaml, prune: true, dryRun: true, Stop)).Changes);
        Assert.Empty((await server.Client.ApplyAsync(json, prune: true, dryRun: true, Stop)).Changes);
    }

    [Fact]
    public async Task A_document_may_be_larger_than_a_body_but_not_without_bound()
    {
        await using var server = await ManagementServer.StartAsync();
        var large = Document + "\n#" + new string('x', 2 * 1024 * 1024);
        var tooLarge = Document + "\n#" + new string('x', 4 * 1024 * 1024);

        var (taken, _) = await server.SendAsync(HttpMethod.Post, Routes.Apply, large, null, "application/yaml");
        var refusal = await server.RefusalAsync(HttpMethod.Post, Routes.Apply, tooLarge, null, "application/yaml");

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal((413, "request_too_large"), (refusal.Status, refusal.Code));
    }

    [Theory]
    [InlineData("prune=yes", "prune")]
    [InlineData("dry_run=1", "dry_run")]
    public async Task A_flag_that_is_neither_true_nor_false_is_refused(string query, string param)
    {
        await using var server = await ManagementServer.StartAsync();

        var refusal = await server.RefusalAsync(
            HttpMethod.Post,
            $"{Routes.Apply}?{query}",
            Document,
            null,
            "application/yaml"
        );

        Assert.Equal((400, param), (refusal.Status, refusal.Param));
        Assert.Empty(server.Registry.State.Workspaces);
    }

    [Fact]
    public async Task The_audit_tells_who_did_what_page_by_page()
    {
        await using var server = await ManagementServer.StartAsync();
        await server.Client.ApplyAsync(Document, prune: false, dryRun: false, Stop);
        await server.Client.UpdateWorkspaceAsync("acme", new UpdateWorkspace { Plan = "pro" }, null, Stop);

        var first = await server.Client.ListAuditAsync(new Page(2), Stop);
        var second = await server.Client.ListAuditAsync(new Page(2, first.NextCursor), Stop);

        Assert.Equal(["update workspace", "create deployment"], first.Data.Select(row => $"{row.Action} {row.Kind}"));
        Assert.Equal("create workspace", $"{second.Data[0].Action} {second.Data[0].Kind}");
        Assert.All(first.Data, row => Assert.Matches("^admin:[0-9a-f]{8}$", row.Actor));
        Assert.Equal("team", first.Data[0].Before!.Value.GetProperty("plan").GetString());
        Assert.Equal("pro", first.Data[0].After!.Value.GetProperty("plan").GetString());
        Assert.Null(first.Data[1].Before);
    }

    [Fact]
    public async Task The_openapi_document_describes_every_endpoint_and_needs_no_token()
    {
        await using var server = await ManagementServer.StartAsync();
        server.Http.DefaultRequestHeaders.Authorization = null;

        var (response, document) = await server.SendAsync(HttpMethod.Get, "/openapi/admin.json");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var operations = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name} {path.Name}"));
        Assert.Equal(
            [
                "delete /admin/v1/deployments/{id}",
                "delete /admin/v1/keys/{id}",
                "delete /admin/v1/plans/{plan}",
                "delete /admin/v1/workspaces/{workspace}",
                "get /admin/v1/audit",
                "get /admin/v1/deployments",
                "get /admin/v1/deployments/{id}",
                "get /admin/v1/export",
                "get /admin/v1/keys",
                "get /admin/v1/keys/{id}",
                "get /admin/v1/plans",
                "get /admin/v1/plans/{plan}",
                "get /admin/v1/workspaces",
                "get /admin/v1/workspaces/{workspace}",
                "patch /admin/v1/deployments/{id}",
                "patch /admin/v1/keys/{id}",
                "patch /admin/v1/workspaces/{workspace}",
                "post /admin/v1/apply",
                "post /admin/v1/deployments",
                "post /admin/v1/deployments/{id}/probe",
                "post /admin/v1/keys",
                "post /admin/v1/keys/{id}/revoke",
                "post /admin/v1/keys/{id}/rotate",
                "post /admin/v1/workspaces",
                "put /admin/v1/plans/{plan}",
            ],
            operations.Order(StringComparer.Ordinal)
        );
        var key = document.GetProperty("components").GetProperty("schemas").GetProperty("KeyResource");
        Assert.True(key.GetProperty("properties").TryGetProperty("requests_per_minute", out _), key.GetRawText());
        var patch = document.GetProperty("paths").GetProperty("/admin/v1/keys/{id}").GetProperty("patch");
        var body = patch.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        var burst = body.GetProperty("schema").GetProperty("properties").GetProperty("burst");
        Assert.Equal(1, burst.GetProperty("minimum").GetInt32());
        Assert.Equal("""["null","integer"]""", JsonSerializer.Serialize(burst.GetProperty("type")));
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Equal(2, schemas.GetProperty("DefaultsShape").GetProperty("oneOf").GetArrayLength());
        Assert.Contains("If-Match", patch.GetProperty("parameters").GetRawText(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Lines(ApplyResult result) =>
        result.Changes.Select(change => $"{change.Action} {change.Kind} {change.Name}");
}

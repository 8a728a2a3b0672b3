using Penstock.Contracts;
using Penstock.Registry;

namespace Penstock.Tests.Management;

public sealed class DeploymentEndpointsTests
{
    private const string Minimal =
        """{"workspace":"acme","model":"m","backend":"vllm","replicas":[{"url":"http://127.0.0.1:8000/"}]}""";

    private static CancellationToken Stop => ManagementServer.Stop;

    [Fact]
    public async Task What_is_not_said_has_the_documented_default()
    {
        await using var server = await StartAsync();

        var (_, made) = await server.SendAsync(HttpMethod.Post, Routes.Deployments, Minimal);

        Assert.Equal("m", made.GetProperty("upstream_model").GetString());
        Assert.Equal("""[{"url":"http://127.0.0.1:8000","weight":1}]""", made.GetProperty("replicas").GetRawText());
        Assert.Equal(
            """{"top_logprobs":5,"n":128,"max_concurrency":256,"queue":64,"queue_wait":"30s","start_wait":"2m","outage_wait":"5s"}""",
            made.GetProperty("limits").GetRawText()
        );
        Assert.Equal("""{"max_tokens":512,"temperature":1,"top_p":1}""", made.GetProperty("defaults").GetRawText());
        Assert.Equal(
            """{"connect":"2s","first_byte":"2m","idle":"30s","total":"30m"}""",
            made.GetProperty("timeouts").GetRawText()
        );
        Assert.Equal("""{"attempts":3}""", made.GetProperty("retry").GetRawText());
    }

    [Fact]
    public async Task A_credential_goes_in_and_never_comes_out()
    {
        await using var server = await StartAsync();
        const string Credential = "sk-upstream-credential";
        var json = Minimal.Replace("\"}]", $"\",\"api_key\":\"{Credential}\"}}]", StringComparison.Ordinal);

        var (_, made) = await server.SendAsync(HttpMethod.Post, Routes.Deployments, json);
        var (_, list) = await server.SendAsync(HttpMethod.Get, Routes.Deployments);
        var (_, audit) = await server.SendAsync(HttpMethod.Get, Routes.Audit);
        var export = await server.Client.ExportAsync(asJson: false, Stop);

        Assert.Equal(Credential, Published(server).Replicas[0].ApiKey);
        var text = made.GetRawText() + list.GetRawText() + audit.GetRawText() + export;
        Assert.DoesNotContain(Credential, text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"api_key\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_stays_until_it_is_spoken_of()
    {
        await using var server = await StartAsync();
        var json = Minimal.Replace("\"}]", "\",\"api_key\":\"first\"}]", StringComparison.Ordinal);
        var (_, made) = await server.SendAsync(HttpMethod.Post, Routes.Deployments, json);
        var path = Routes.OfDeployment(made.GetProperty("id").GetString()!);

        await ReplaceAsync("""{"url":"http://127.0.0.1:8000","weight":5}""");
        Assert.Equal(("first", 5), (Published(server).Replicas[0].ApiKey, Published(server).Replicas[0].Weight));

        await ReplaceAsync("""{"url":"http://127.0.0.1:8000","api_key_env":"UPSTREAM_KEY"}""");
        Assert.Equal("sk-upstream", Published(server).Replicas[0].ApiKey);

        await ReplaceAsync("""{"url":"http://127.0.0.1:8000","api_key":null}""");
        Assert.Null(Published(server).Replicas[0].ApiKey);

        async Task ReplaceAsync(string replica)
        {
            var (response, _) = await server.SendAsync(HttpMethod.Patch, path, $$"""{"replicas":[{{replica}}]}""");
            Assert.True(response.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task A_patch_merges_settings_and_replaces_lists_and_defaults()
    {
        await using var server = await StartAsync();
        var (_, made) = await server.SendAsync(HttpMethod.Post, Routes.Deployments, Minimal);
        var path = Routes.OfDeployment(made.GetProperty("id").GetString()!);

        var (_, changed) = await server.SendAsync(
            HttpMethod.Patch,
            path,
            """{"limits":{"queue":0},"timeouts":{"idle":"500ms"},"defaults":{"top_p":0.5},"retry":{"attempts":1}}"""
        );
        var (_, engine) = await server.SendAsync(HttpMethod.Patch, path, """{"defaults":"engine","limits":null}""");

        Assert.Equal(
            """{"top_logprobs":5,"n":128,"max_concurrency":256,"queue":0,"queue_wait":"30s","start_wait":"2m","outage_wait":"5s"}""",
            changed.GetProperty("limits").GetRawText()
        );
        Assert.Equal("500ms", changed.GetProperty("timeouts").GetProperty("idle").GetString());
        Assert.Equal("30m", changed.GetProperty("timeouts").GetProperty("total").GetString());
        Assert.Equal("""{"top_p":0.5}""", changed.GetProperty("defaults").GetRawText());
        Assert.Equal("\"engine\"", engine.GetProperty("defaults").GetRawText());
        Assert.Equal(64, engine.GetProperty("limits").GetProperty("queue").GetInt32());
        Assert.Equal(1, engine.GetProperty("retry").GetProperty("attempts").GetInt32());
    }

    [Theory]
    [InlineData("\"replicas\":[]", "replicas")]
    [InlineData("\"replicas\":[{}]", "replicas[0]")]
    [InlineData("\"replicas\":[{\"url\":\"127.0.0.1:8000\"}]", "replicas[0].url")]
    [InlineData("\"replicas\":[{\"url\":\"http://user:pw@a\"}]", "replicas[0].url")]
    [InlineData("\"replicas\":[{\"url\":\"http://a?x=1\"}]", "replicas[0].url")]
    [InlineData("\"replicas\":[{\"url\":\"http://a/v1/\"}]", "replicas[0].url")]
    [InlineData("\"replicas\":[{\"url\":\"http://a\"},{\"url\":\"http://a/\"}]", "replicas[1].url")]
    [InlineData(
        "\"replicas\":[{\"url\":\"http://a\",\"api_key\":\"x\",\"api_key_env\":\"Y\"}]",
        "replicas[0].api_key_env"
    )]
    [InlineData("\"replicas\":[{\"url\":\"http://a\",\"api_key\":\"a b\"}]", "replicas[0].api_key")]
    [InlineData("\"replicas\":[{\"url\":\"http://a\",\"api_key_env\":\"NOT_SET\"}]", "replicas[0]")]
    [InlineData("\"replicas\":[{\"url\":\"http://a\",\"api_key_file\":\"/does/not/exist\"}]", "replicas[0]")]
    [InlineData("\"backend\":\"vlm\"", "backend")]
    [InlineData("\"limits\":{\"n\":129}", "limits.n")]
    [InlineData("\"limits\":{\"quue\":1}", "limits.quue")]
    [InlineData("\"defaults\":{\"temperature\":2.1}", "defaults.temperature")]
    [InlineData("\"defaults\":\"engin\"", "defaults")]
    [InlineData("\"timeouts\":{\"idle\":\"0s\"}", "timeouts.idle")]
    [InlineData("\"timeouts\":{\"idle\":30}", "timeouts.idle")]
    [InlineData("\"retry\":{\"attempts\":0}", "retry.attempts")]
    [InlineData("\"fallbacks\":[\"nowhere\"]", "fallbacks[0]")]
    [InlineData("\"fallbacks\":[\"m\"]", "fallbacks[0]")]
    [InlineData("\"model\":\" m\"", "model")]
    [InlineData("\"model\":\"a\\nb\"", "model")]
    [InlineData("\"id\":\"7\"", "id")]
    public async Task A_deployment_that_cannot_work_is_refused(string member, string param)
    {
        await using var server = await StartAsync();
        var name = member.Split('"')[1];
        var others = Minimal.TrimStart('{').TrimEnd('}');
        var kept = name switch
        {
            "replicas" => others[..others.IndexOf(",\"replicas\"", StringComparison.Ordinal)],
            "backend" => others.Replace("\"backend\":\"vllm\",", "", StringComparison.Ordinal),
            "model" => others.Replace("\"model\":\"m\",", "", StringComparison.Ordinal),
            _ => others,
        };
        if (name is not "replicas" && !kept.EndsWith(']'))
        {
            kept += "}]";
        }

        var refusal = await server.RefusalAsync(HttpMethod.Post, Routes.Deployments, $"{{{kept},{member}}}");

        Assert.Equal((400, param), (refusal.Status, refusal.Param));
        Assert.Empty(server.Registry.State.Deployments);
    }

    [Fact]
    public async Task A_fallback_cannot_be_deleted_from_under_the_model_that_names_it()
    {
        await using var server = await StartAsync();
        var (_, small) = await server.SendAsync(HttpMethod.Post, Routes.Deployments, Minimal);
        var large = Minimal
            .Replace("\"m\"", "\"large\"", StringComparison.Ordinal)
            .Replace("\"backend\"", "\"fallbacks\":[\"m\"],\"backend\"", StringComparison.Ordinal);
        await server.SendAsync(HttpMethod.Post, Routes.Deployments, large);

        var path = Routes.OfDeployment(small.GetProperty("id").GetString()!);
        var refusal = await server.RefusalAsync(HttpMethod.Delete, path);

        Assert.Equal((409, "in_use"), (refusal.Status, refusal.Code));
        Assert.Contains("deployment \"large\"", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_may_have_several_deployments_and_be_shared_by_all()
    {
        await using var server = await StartAsync();
        await server.SendAsync(HttpMethod.Post, Routes.Deployments, Minimal);
        await server.SendAsync(HttpMethod.Post, Routes.Deployments, Minimal);
        await server.SendAsync(
            HttpMethod.Post,
            Routes.Deployments,
            Minimal.Replace("acme", "*", StringComparison.Ordinal)
        );

        var all = await server.Client.ListDeploymentsAsync(null, new Page(), Stop);
        var shared = await server.Client.ListDeploymentsAsync("*", new Page(), Stop);
        var own = await server.Client.ListDeploymentsAsync("acme", new Page(), Stop);

        Assert.Equal((3, 1, 2), (all.Data.Count, shared.Data.Count, own.Data.Count));
        Assert.Equal("*", shared.Data[0].Workspace);
    }

    private static Penstock.Routing.Deployment Published(ManagementServer server)
    {
        PublishedRegistry? seen = null;
        server.Registry.OnPublished(published => seen = published);
        return Assert.Single(seen!.Deployments);
    }

    private static async Task<ManagementServer> StartAsync()
    {
        var server = await ManagementServer.StartAsync();
        await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "acme" }, Stop);
        return server;
    }
}

using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>The declarative file: applied by hand, applied at start, applied again when it changes; whole or not at all.</summary>
public sealed class DeclarationTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public DeclarationTests(RecordedGateway fixture) => _fixture = fixture;

    [Fact]
    public async Task What_is_applied_is_served_and_applying_it_again_changes_nothing()
    {
        using var folder = new TempFolder();
        var file = folder.Write("penstock.yaml", Yaml("applied", _fixture.Engine.Url));

        var dry = (await _fixture.Gateway.Cli.RunAsync("apply", "-f", file, "--dry-run")).Expect(0);
        Assert.Contains("applied", dry.Output + dry.Errors, StringComparison.Ordinal);
        (await _fixture.Gateway.As("key-of-applied").GetAsync("/v1/models")).Expect(401);

        (await _fixture.Gateway.Cli.RunAsync("apply", "-f", file)).Expect(0);
        (await _fixture.Gateway.As("key-of-applied").ChatAsync(ChatBody.Minimal("model-of-applied"))).Expect(200);

        var again = (await _fixture.Gateway.Cli.RunAsync("apply", "-f", file, "--json")).Expect(0).Json;
        Assert.Empty(again["changes"]!.AsArray());
    }

    [Fact]
    public async Task Every_mistake_is_reported_with_its_line_and_nothing_is_changed()
    {
        using var folder = new TempFolder();
        var good = Yaml("mistaken", _fixture.Engine.Url);
        var bad = good.Replace("plan: pro", "plan: no-such-plan", StringComparison.Ordinal)
            .Replace("backend: vllm", "backend: vllm\n    nonsense: 1", StringComparison.Ordinal)
            .Replace("replicas:", "timeouts: { idle: soon }\n    replicas:", StringComparison.Ordinal);
        var file = folder.Write("penstock.yaml", bad);

        var result = (await _fixture.Gateway.Cli.RunAsync("apply", "-f", file)).Expect(1);

        foreach (var word in (string[])["no-such-plan", "nonsense", "idle"])
        {
            var line = 1 + bad.Split('\n').Index().First(l => l.Item.Contains(word, StringComparison.Ordinal)).Index;
            Assert.Contains(
                result.Errors.Split('\n'),
                text =>
                    text.Contains(word, StringComparison.Ordinal) && text.Contains($"{line}", StringComparison.Ordinal)
            );
        }

        (await _fixture.Gateway.Admin.GetAsync("workspaces/mistaken")).Expect(404);
    }

    [Fact]
    public async Task The_export_is_a_file_without_secrets_that_can_be_applied()
    {
        var export = (await _fixture.Gateway.Cli.RunAsync("export")).Expect(0);
        using var folder = new TempFolder();
        var file = folder.Write("export.yaml", export.Output);

        Assert.Contains("acme", export.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Declaration.Secret("acme"), export.Output, StringComparison.Ordinal);
        var again = (await _fixture.Gateway.Cli.RunAsync("apply", "-f", file, "--json")).Expect(0).Json;
        Assert.Empty(again["changes"]!.AsArray());
    }

    [Fact]
    public async Task Pruning_takes_away_what_the_file_does_not_name()
    {
        await using var engine = new RecordingEngine();
        var declaration = new Declaration().Tenant("acme").Deployment("acme", "kept", "org/model", engine.Url);
        await using var gateway = await GatewayProcess.StartAsync(declaration);
        await gateway.DeployAsync("acme", "pruned", "org/model", engine.Url);

        (await gateway.Cli.RunAsync("apply", "-f", gateway.ConfigFile)).Expect(0);
        (await gateway.As("acme").ChatAsync(ChatBody.Minimal("pruned"))).Expect(200);
        (await gateway.Cli.RunAsync("apply", "-f", gateway.ConfigFile, "--prune")).Expect(0);

        (await gateway.As("acme").ChatAsync(ChatBody.Minimal("pruned"))).Expect(404);
        (await gateway.As("acme").ChatAsync(ChatBody.Minimal("kept"))).Expect(200);
    }

    [Fact]
    public async Task A_changed_file_is_served_without_a_restart_and_a_broken_one_changes_nothing()
    {
        await using var engine = new RecordingEngine();
        var declaration = new Declaration().Tenant("acme").Deployment("acme", "first", "org/model", engine.Url);
        await using var gateway = await GatewayProcess.StartAsync(declaration);
        (await gateway.As("acme").ChatAsync(ChatBody.Minimal("first"))).Expect(200);

        declaration.Deployment("acme", "second", "org/model", engine.Url);
        await File.WriteAllTextAsync(gateway.ConfigFile, declaration.ToString(), TestContext.Current.CancellationToken);
        await Until.TrueAsync(
            async () => (await gateway.As("acme").ChatAsync(ChatBody.Minimal("second"))).Status == 200,
            "the changed file to be served"
        );

        var seen = gateway.Output.Count;
        await File.WriteAllTextAsync(gateway.ConfigFile, "deployments: [{", TestContext.Current.CancellationToken);
        await gateway.Output.LineAsync(
            line => line.Contains("penstock.yaml", StringComparison.Ordinal),
            "the mistake to be reported",
            from: seen
        );
        (await gateway.As("acme").ChatAsync(ChatBody.Minimal("second"))).Expect(200);
    }

    [Fact]
    public async Task A_start_with_a_mistaken_file_is_refused()
    {
        using var folder = new TempFolder();
        folder.Write("penstock.yaml", "workspaces:\n  - name: acme\n    plan: no-such-plan\n");
        string[] arguments =
        [
            Built.Penstock,
            "serve",
            "--urls",
            $"http://127.0.0.1:{FreePort.Take()}",
            "--data",
            folder.File("data"),
            "--no-discovery",
            "--config",
            folder.File("penstock.yaml"),
        ];

        var result = (await ChildProcess.RunAsync("dotnet", arguments, folder: folder.Path)).Expect(1);

        Assert.Contains("no-such-plan", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    private static string Yaml(string name, string engine) =>
        $"""
            workspaces:
              - name: {name}
                plan: pro
            keys:
              - name: key-of-{name}
                workspace: {name}
                sha256: {Declaration.Sha256($"key-of-{name}")}
            deployments:
              - workspace: {name}
                model: model-of-{name}
                upstream_model: org/model
                backend: vllm
                replicas:
                  - url: {engine}

            """;
}

using System.Text.Json;
using Penstock.Contracts;

namespace Penstock.Tests.Cli;

public sealed class JsonOutputTests : IAsyncLifetime
{
    private FakeManagementServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeManagementServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<CliOutcome> Run(string line) => CommandLine.To(_server).RunAsync(line);

    public static TheoryData<string> Verbs =>
        [
            "workspaces list",
            "workspaces create acme",
            "workspaces set acme --plan pro",
            "workspaces delete acme",
            "keys list",
            "keys create --workspace acme",
            $"keys rotate {Samples.Id}",
            $"keys revoke {Samples.Id}",
            $"keys set {Samples.Id} --rpm 1",
            "deployments list",
            $"deployments show {Samples.Id}",
            "deployments create --workspace acme --model m --backend vllm --replica http://e:1",
            $"deployments set {Samples.Id} --queue 1",
            $"deployments delete {Samples.Id}",
            "apply -f -",
        ];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Stdout_is_exactly_one_json_document(string verb)
    {
        _server.Will(AnswerTo(verb));
        var outcome = await Run($"{verb} --json");
        Assert.Equal(0, outcome.ExitCode);
        using var document = JsonDocument.Parse(outcome.Out);
        var list = verb.EndsWith("list", StringComparison.Ordinal);
        Assert.Equal(list ? JsonValueKind.Array : JsonValueKind.Object, document.RootElement.ValueKind);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_failure_leaves_stdout_empty(string verb)
    {
        _server.Will(CannedAnswer.Refusal(409, "already_exists", "It is there."));
        var outcome = await Run($"{verb} --json");
        Assert.Equal(new CliOutcome(1, "", "error: It is there. (already_exists)\n"), outcome);
    }

    [Fact]
    public async Task A_list_is_all_pages_in_one_array()
    {
        _server.Will(
            CannedAnswer.Of(Samples.ListOf(Samples.Key) with { NextCursor = "2" }),
            CannedAnswer.Of(Samples.ListOf(Samples.Key))
        );
        using var document = JsonDocument.Parse((await Run("keys list --json")).Out);
        Assert.Equal(2, document.RootElement.GetArrayLength());
        Assert.False(document.RootElement[0].TryGetProperty("secret", out _));
        Assert.Equal(JsonValueKind.Null, document.RootElement[0].GetProperty("expires_at").ValueKind);
    }

    [Fact]
    public async Task A_deletion_is_a_document_too()
    {
        _server.Will(new CannedAnswer(204, ""));
        var outcome = await Run("workspaces delete acme --json");
        Assert.Equal("""{"kind":"workspace","id":"acme","deleted":true}""" + "\n", outcome.Out);
    }

    private static CannedAnswer AnswerTo(string verb) =>
        verb.Split(' ') switch
        {
            ["apply", ..] => CannedAnswer.Of(new ApplyResult { Changes = [] }),
            [_, "delete", ..] => new CannedAnswer(204, ""),
            ["workspaces", "list"] => CannedAnswer.Of(Samples.ListOf(Samples.Workspace)),
            ["keys", "list"] => CannedAnswer.Of(Samples.ListOf(Samples.Key)),
            ["deployments", "list"] => CannedAnswer.Of(Samples.ListOf(Samples.Deployment)),
            ["workspaces", ..] => CannedAnswer.Of(Samples.Workspace),
            ["keys", ..] => CannedAnswer.Of(Samples.Key),
            _ => CannedAnswer.Of(Samples.Deployment),
        };
}

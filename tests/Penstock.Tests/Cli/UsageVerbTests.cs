using Penstock.Contracts;

namespace Penstock.Tests.Cli;

public sealed class UsageVerbTests : IAsyncLifetime
{
    private static readonly UsageRow Row = new()
    {
        Model = "llama",
        Requests = 3,
        Errors = 1,
        PromptTokens = 3_000,
        CompletionTokens = 600,
        CachedTokens = 400,
        ReasoningTokens = 50,
        Cost = 0.00288m,
    };

    private FakeManagementServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeManagementServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<CliOutcome> Run(string line) => CommandLine.To(_server).RunAsync(line);

    [Fact]
    public async Task What_was_named_is_asked_for()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Row with { Model = null, Day = new DateOnly(2030, 1, 2) })));

        var outcome = await Run("usage --workspace acme --by day --since 30d");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            "/admin/v1/usage?workspace=acme&limit=500&by=day&since=30d",
            Assert.Single(_server.Requests).PathAndQuery
        );
        Assert.Contains("2030-01-02", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_a_list_of_rows_with_the_names_of_the_contract()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Row)));

        var outcome = await Run("usage --json");

        Assert.Equal(
            """[{"model":"llama","requests":3,"errors":1,"prompt_tokens":3000,"completion_tokens":600,"cached_tokens":400,"reasoning_tokens":50,"cost":0.00288}]"""
                + "\n",
            outcome.Out
        );
    }

    [Fact]
    public async Task People_see_a_table()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Row)));

        var lines = (await Run("usage")).Out.Trim().Split('\n');

        Assert.Equal(2, lines.Length);
        Assert.StartsWith("MODEL", lines[0], StringComparison.Ordinal);
        Assert.Contains("0.00288", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usage --by user")]
    [InlineData("usage --since yesterday")]
    public async Task Wrong_usage_asks_nothing(string line)
    {
        Assert.Equal(2, (await Run(line)).ExitCode);
        Assert.Empty(_server.Requests);
    }
}

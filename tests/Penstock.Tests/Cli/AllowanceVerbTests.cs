namespace Penstock.Tests.Cli;

/// <summary>Limits, budgets and credits on the command line.</summary>
public sealed class AllowanceVerbTests : IAsyncLifetime
{
    private FakeManagementServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeManagementServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<CliOutcome> Run(string line) => CommandLine.To(_server).RunAsync(line);

    [Theory]
    [InlineData("12.5", "12.5")]
    [InlineData("-- -5", "-5")]
    public async Task Credit_posts_the_amount_and_shows_what_is_left(string amount, string sent)
    {
        _server.Will(CannedAnswer.Of(Samples.Workspace with { Credited = 20, Balance = 7.25m }));

        var outcome = await Run($"workspaces credit acme {amount}");

        Assert.Equal(0, outcome.ExitCode);
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/admin/v1/workspaces/acme/credit"), (request.Method, request.PathAndQuery));
        Assert.Equal($$"""{"amount":{{sent}}}""", request.Body);
        Assert.Contains("7.25", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_of_a_workspace_are_sent_as_they_are_named()
    {
        _server.Will(CannedAnswer.Of(Samples.Workspace));

        await Run("workspaces set acme --tpm 1000 --concurrency 8 --tokens-per-day 5000000000 --spend-per-month 0.5");

        Assert.Equal(
            """{"limits":{"tokens_per_minute":1000,"concurrent_requests":8,"tokens_per_day":5000000000,"spend_per_month":0.5}}""",
            Assert.Single(_server.Requests).Body
        );
    }

    [Theory]
    [InlineData("workspaces credit acme much")]
    [InlineData("workspaces set acme --spend-per-day 1,5")]
    [InlineData("workspaces set acme --tpm many")]
    public async Task Wrong_usage_asks_nothing(string line)
    {
        Assert.Equal(2, (await Run(line)).ExitCode);
        Assert.Empty(_server.Requests);
    }
}

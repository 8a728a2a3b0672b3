using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Tests.Cli;

public sealed class FailureTests : IAsyncLifetime
{
    private FakeManagementServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeManagementServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<CliOutcome> Run(string line) => CommandLine.To(_server).RunAsync(line);

    [Theory]
    [InlineData(400, "invalid_value")]
    [InlineData(403, "plan_limit_exceeded")]
    [InlineData(404, "not_found")]
    [InlineData(409, "already_exists")]
    [InlineData(412, "precondition_failed")]
    [InlineData(500, "internal_error")]
    [InlineData(503, "overloaded")]
    public async Task A_refusal_is_its_message_and_its_code(int status, string code)
    {
        _server.Will(CannedAnswer.Refusal(status, code, "So it is."));
        var outcome = await Run("workspaces create acme");
        Assert.Equal(new CliOutcome(1, "", $"error: So it is. ({code})\n"), outcome);
    }

    [Fact]
    public async Task A_refused_token_is_said_to_be_the_one_from_where_it_came()
    {
        _server.Will(CannedAnswer.Refusal(401, "invalid_admin_token", "The admin token is wrong."));
        var outcome = await Run("workspaces list");
        Assert.Equal(
            "error: The admin token is wrong. (invalid_admin_token)\n"
                + "The admin token was taken from PENSTOCK_ADMIN_TOKEN.\n",
            outcome.Error
        );
        Assert.DoesNotContain("t0ken", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>hello</html>", "text/html")]
    [InlineData(200, "null", "application/json")]
    [InlineData(200, "[1,2]", "application/json")]
    [InlineData(404, "404 page not found", "text/plain")]
    [InlineData(404, """{"detail":"Not Found"}""", "application/json")]
    [InlineData(502, "", "text/plain")]
    public async Task Another_program_at_the_address_is_recognised(int status, string body, string type)
    {
        _server.Will(new CannedAnswer(status, body, type));
        var outcome = await Run("workspaces list");
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains($"answered {status} with {type}", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("not Penstock's management API", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_token()
    {
        var elsewhere = new Dictionary<string, string> { ["Location"] = $"{_server.Url}elsewhere" };
        _server.Will(new CannedAnswer(302, "", "text/html") { Headers = elsewhere });
        Assert.Equal(1, (await Run("workspaces list")).ExitCode);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Nobody_at_the_address_names_the_address_and_the_way_out()
    {
        var outcome = await new CommandLine { Environment = { ["PENSTOCK_ADMIN_TOKEN"] = "t0ken" } }.RunAsync(
            $"workspaces list --server http://127.0.0.1:{FreePort()}"
        );
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.Matches("no gateway answers at http://127.0.0.1:[0-9]+ ", outcome.Error);
        Assert.Contains("penstock serve", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_named()
    {
        var outcome = await new CommandLine { Environment = { ["PENSTOCK_ADMIN_TOKEN"] = "t0ken" } }.RunAsync(
            "workspaces list --server http://gateway.invalid:8080"
        );
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains("gateway.invalid", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")]
    [InlineData("")]
    public async Task A_connection_that_breaks_or_speaks_nonsense_is_a_message_not_a_stack_trace(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var serving = AnswerRawAsync(listener, answer, done.Token);
        var outcome = await new CommandLine { Environment = { ["PENSTOCK_ADMIN_TOKEN"] = "t0ken" } }.RunAsync(
            $"workspaces list --server http://{listener.LocalEndpoint}"
        );
        await done.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.Single(outcome.Error.Trim().Split('\n'));
        Assert.StartsWith("error: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_call_and_says_that_it_may_have_been_done()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = CommandLine.To(_server).RunUntilAsync(stop.Token, "workspaces create acme");
        await _server.Hanging.Task.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        var outcome = await running;
        Assert.Equal((130, ""), (outcome.ExitCode, outcome.Out));
        Assert.StartsWith("error: interrupted", outcome.Error, StringComparison.Ordinal);
        await _server.Aborted.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Text_of_the_server_cannot_steer_the_terminal()
    {
        _server.Will(
            CannedAnswer.Refusal(400, "x", "\u001b[2Jgone"),
            CannedAnswer.Of(Samples.ListOf(Samples.Workspace with { Name = "\u001b[2Jgone" }))
        );
        Assert.DoesNotContain('\u001b', (await Run("workspaces list")).Error);
        Assert.DoesNotContain('\u001b', (await Run("workspaces list")).Out);
    }

    /// <summary>Again and again: a connection that closes before any answer is tried once more by the client itself.</summary>
    private static async Task AnswerRawAsync(TcpListener listener, string answer, CancellationToken cancel)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync(cancel);
            var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096], cancel);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancel);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

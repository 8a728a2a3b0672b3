using Penstock.Contracts;

namespace Penstock.Tests.Cli;

public sealed class ApplyVerbTests : IAsyncLifetime
{
    private FakeManagementServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeManagementServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<CliOutcome> Run(string line) => CommandLine.To(_server).RunAsync(line);

    private static ApplyResult Changed { get; } =
        new()
        {
            Changes =
            [
                new ApplyChange
                {
                    Action = "create",
                    Kind = "workspace",
                    Name = "acme",
                    Detail = "plan pro",
                },
                new ApplyChange
                {
                    Action = "delete",
                    Kind = "key",
                    Name = "ci",
                },
            ],
        };

    [Theory]
    [InlineData("", "prune=false&dry_run=false", "Done: 1 create, 1 delete.\n")]
    [InlineData(" --prune", "prune=true&dry_run=false", "Done: 1 create, 1 delete.\n")]
    [InlineData(
        " --dry-run",
        "prune=false&dry_run=true",
        "Dry run, nothing was changed. Would be: 1 create, 1 delete.\n"
    )]
    public async Task Apply_sends_the_file_as_it_is_and_shows_what_changes(string flags, string query, string said)
    {
        var path = Path.GetTempFileName();
        try
        {
            const string Document = "workspaces:\n  - name: acmé # as written\n";
            await File.WriteAllTextAsync(path, Document, TestContext.Current.CancellationToken);
            _server.Will(CannedAnswer.Of(Changed));
            var outcome = await Run($"apply -f {path}{flags}");
            var request = Assert.Single(_server.Requests);
            Assert.Equal(("POST", $"/admin/v1/apply?{query}"), (request.Method, request.PathAndQuery));
            Assert.Equal(Document, request.Body);
            Assert.StartsWith("application/yaml", request.Headers["Content-Type"], StringComparison.Ordinal);
            Assert.Equal((0, said), (outcome.ExitCode, outcome.Error));
            Assert.Contains("plan pro", outcome.Out, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_dash_reads_stdin()
    {
        _server.Will(CannedAnswer.Of(new ApplyResult { Changes = [] }));
        var line = new CommandLine
        {
            In = new StringReader("plans: []\n"),
            Environment = { ["PENSTOCK_ADMIN_TOKEN"] = "t0ken" },
        };
        var outcome = await line.RunAsync($"apply -f - --server {_server.Url}");
        Assert.Equal("plans: []\n", Assert.Single(_server.Requests).Body);
        Assert.Equal(new CliOutcome(0, "", "Nothing to change.\n"), outcome);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_wait_for_a_stdin_that_heeds_no_token()
    {
        using var stop = new CancellationTokenSource();
        using var deaf = new DeafReader(stop);
        var line = new CommandLine { In = deaf, Environment = { ["PENSTOCK_ADMIN_TOKEN"] = "t0ken" } };
        var outcome = await line.RunUntilAsync(stop.Token, $"apply -f - --server {_server.Url}");
        Assert.Equal(130, outcome.ExitCode);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_document_without_end_is_refused()
    {
        using var endless = new EndlessReader();
        var line = new CommandLine { In = endless, Environment = { ["PENSTOCK_ADMIN_TOKEN"] = "t0ken" } };
        var outcome = await line.RunAsync($"apply -f - --server {_server.Url}");
        Assert.Equal((1, "error: stdin is longer than 32 MiB.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task Every_mistake_is_printed_with_its_line()
    {
        _server.Will(
            CannedAnswer.Refusal(
                400,
                "invalid_value",
                "The file has 3 mistakes; nothing was changed.",
                new ErrorDetail
                {
                    Line = 3,
                    Column = 7,
                    Message = "keys[0].rpm: unknown field",
                },
                new ErrorDetail { Line = 9, Message = "no such plan: gold" },
                new ErrorDetail { Message = "two workspaces are called acme" }
            )
        );
        var line = new CommandLine { Environment = { ["PENSTOCK_ADMIN_TOKEN"] = "t0ken" } };
        var outcome = await line.RunAsync($"apply -f - --server {_server.Url}");
        Assert.Equal(
            new CliOutcome(
                1,
                "",
                """
                error: The file has 3 mistakes; nothing was changed. (invalid_value)
                  line 3, column 7: keys[0].rpm: unknown field
                  line 9: no such plan: gold
                  two workspaces are called acme

                """
            ),
            outcome
        );
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_said_so()
    {
        var outcome = await Run("apply -f nowhere.yaml");
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.StartsWith("error: cannot read nowhere.yaml: ", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Export_prints_the_document_and_nothing_else()
    {
        _server.Will(new CannedAnswer(200, "workspaces:\n  - name: acme\n", "application/yaml"));
        var outcome = await Run("export");
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("GET", "/admin/v1/export"), (request.Method, request.PathAndQuery));
        Assert.Equal("application/yaml", request.Headers["Accept"]);
        Assert.Equal(new CliOutcome(0, "workspaces:\n  - name: acme\n", ""), outcome);
    }

    [Fact]
    public async Task Export_as_json_asks_the_server_for_json()
    {
        _server.Will(new CannedAnswer(200, """{"workspaces":[]}"""), new CannedAnswer(200, "a: b", "application/yaml"));
        var json = await Run("export --json");
        Assert.Equal("application/json", _server.Requests[0].Headers["Accept"]);
        Assert.Equal(new CliOutcome(0, "{\"workspaces\":[]}\n", ""), json);
        Assert.Equal((1, ""), await Run("export --json") is var yaml ? (yaml.ExitCode, yaml.Out) : default);
    }

    /// <summary>A terminal where Ctrl-C is pressed while it is read, and whose read goes on.</summary>
    private sealed class DeafReader(CancellationTokenSource stop) : TextReader
    {
        public override async ValueTask<int> ReadAsync(
            Memory<char> buffer,
            CancellationToken cancellationToken = default
        )
        {
            await stop.CancelAsync();
            await new TaskCompletionSource().Task;
            return 0;
        }
    }

    private sealed class EndlessReader : TextReader
    {
        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) =>
            new(buffer.Length);
    }
}

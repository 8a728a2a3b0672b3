namespace Penstock.Tests.Cli;

public sealed class AdminTokenTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("penstock-cli-");
    private FakeManagementServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeManagementServer.StartAsync();
        await WriteAsync("data", "of-the-file\n");
        await WriteAsync("elsewhere", "of-the-other-file");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("--admin-token of-the-option", "of-the-variable", "of-the-option")]
    [InlineData("--admin-token of-the-option --data elsewhere", null, "of-the-option")]
    [InlineData("", "of-the-variable", "of-the-variable")]
    [InlineData("--data elsewhere", "of-the-variable", "of-the-variable")]
    [InlineData("", "", "of-the-file")]
    [InlineData("", null, "of-the-file")]
    [InlineData("--data elsewhere", null, "of-the-other-file")]
    public async Task The_option_wins_then_the_variable_then_the_file(string flags, string? variable, string expected)
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Samples.Workspace)));
        var line = new CommandLine { Directory = _folder.FullName };
        if (variable is not null)
        {
            line.Environment["PENSTOCK_ADMIN_TOKEN"] = variable;
        }

        var outcome = await line.RunAsync($"workspaces list --server {_server.Url} {flags}".TrimEnd());
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal($"Bearer {expected}", Assert.Single(_server.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_sent_and_the_way_to_one_is_named()
    {
        var line = new CommandLine { Directory = Path.Combine(_folder.FullName, "nothing") };
        var outcome = await line.RunAsync($"workspaces list --server {_server.Url}");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(Path.Combine("nothing", "data", "admin-token"), outcome.Error, StringComparison.Ordinal);
        Assert.Contains("--data", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("PENSTOCK_ADMIN_TOKEN", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task This_machines_token_does_not_go_to_another_machine_unasked()
    {
        var line = new CommandLine { Directory = _folder.FullName };
        var outcome = await line.RunAsync("workspaces list --server http://gateway.invalid");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("no admin token for http://gateway.invalid", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_holds_no_token_is_refused_before_anything_is_sent()
    {
        await WriteAsync("data", "two words\n");
        var line = new CommandLine { Directory = _folder.FullName };
        var outcome = await line.RunAsync($"workspaces list --server {_server.Url}");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("is not a word of printable ASCII", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task The_option_names_another_server_than_the_variable()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Samples.Workspace)));
        var line = new CommandLine { Environment = { ["PENSTOCK_SERVER"] = "http://gateway.invalid" } };
        var outcome = await line.RunAsync($"workspaces list --admin-token t --server {_server.Url}");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_server_behind_a_path_keeps_its_path()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Samples.Workspace)));
        await new CommandLine().RunAsync($"workspaces list --admin-token t --server {_server.Url}gateway/");
        Assert.Equal("/gateway/admin/v1/workspaces?limit=500", Assert.Single(_server.Requests).PathAndQuery);
    }

    private Task WriteAsync(string name, string content)
    {
        var data = _folder.CreateSubdirectory(name);
        return File.WriteAllTextAsync(
            Path.Combine(data.FullName, "admin-token"),
            content,
            TestContext.Current.CancellationToken
        );
    }
}

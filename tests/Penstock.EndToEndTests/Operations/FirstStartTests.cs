using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>From nothing to a streamed answer with one command and one pasted line.</summary>
public sealed class FirstStartTests : IClassFixture<FirstStart>
{
    private readonly FirstStart _first;

    public FirstStartTests(FirstStart first) => _first = first;

    [Fact]
    public void The_banner_has_the_address_the_key_the_models_and_the_truth_about_the_simulator()
    {
        Assert.Contains(_first.Gateway.BaseUrl, _first.Banner, StringComparison.Ordinal);
        Assert.True(KeyForm.IsWhole(_first.Key), _first.Key);
        Assert.Contains("demo", _first.Banner, StringComparison.Ordinal);
        Assert.Contains("simulator", _first.Banner, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_printed_curl_pasted_into_a_shell_streams_an_answer()
    {
        Assert.Contains(_first.Key, _first.CurlCommand, StringComparison.Ordinal);

        var result = (await ChildProcess.RunAsync("sh", ["-c", _first.CurlCommand])).Expect(0);

        var events = SseEvent.Parse(result.Output);
        Assert.True(events.Count > 3, result.ToString());
        Assert.True(events[^1].IsDone, result.ToString());
        Assert.NotEmpty(string.Concat(events.Select(e => e.Delta)));
    }

    // The promise is 2 s on a quiet machine; this bound only ends a start that hangs.
    [Fact]
    public void It_is_ready_soon() =>
        Assert.True(_first.TimeToReady < TimeSpan.FromSeconds(15), $"{_first.TimeToReady}");

    [Fact]
    public async Task The_default_workspace_has_plan_pro()
    {
        var answer = (await _first.Gateway.WithSecret(_first.Key).GetAsync("/v1/models")).Expect(200);

        Assert.Equal("pro", answer.Header("X-RateLimit-Tier"));
        Assert.Equal("500", answer.Header("X-RateLimit-Limit"));
        Assert.Equal("demo", Assert.Single(answer.Json["data"]!.AsArray())!["id"]!.GetValue<string>());
    }

    [Fact]
    public void The_admin_token_is_for_its_owner_only()
    {
        var file = Path.Combine(_first.Folder.File("data"), "admin-token");

        Assert.True(File.Exists(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task The_token_file_lets_the_command_line_in()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PENSTOCK_SERVER"] = _first.Gateway.BaseUrl,
        };

        // ./data of the folder it is run in.
        var cli = new Cli(environment, _first.Folder.Path);

        var listed = (await cli.RunAsync("workspaces", "list", "--json")).Expect(0);
        Assert.Contains("default", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_itself_is_nowhere_on_disk()
    {
        // Another process, since the gateway holds locks on its files that our own runtime would heed.
        var found = await ChildProcess.RunAsync("grep", ["-rlaF", _first.Key, _first.Folder.Path]);

        Assert.True(found.ExitCode == 1, $"The key stands in {found.Output}");
    }
}

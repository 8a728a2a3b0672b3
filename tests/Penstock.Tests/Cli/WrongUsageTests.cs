namespace Penstock.Tests.Cli;

public sealed class WrongUsageTests
{
    [Theory]
    [InlineData("keyz list", "keyz")]
    [InlineData("keys", "command")]
    [InlineData("keys list --colour red", "--colour")]
    [InlineData("keys create", "--workspace")]
    [InlineData("keys create --workspace", "--workspace")]
    [InlineData("keys create --workspace w --rpm many", "--rpm")]
    [InlineData("keys create --workspace w --rpm -1", "--rpm")]
    [InlineData("keys create --workspace w --rpm 99999999999", "--rpm")]
    [InlineData("keys create --workspace w --models a,,b", "--models")]
    [InlineData("keys create --workspace w --expires soon", "--expires")]
    [InlineData("keys create --workspace w --expires 0d", "--expires")]
    [InlineData("keys create --workspace w --expires 999999999d", "--expires")]
    [InlineData("keys create --workspace w --sha256 x --secret-env Y", "exclude each other")]
    [InlineData("keys set k", "Nothing to set")]
    [InlineData("keys set k --models a --all-models", "exclude each other")]
    [InlineData("keys rotate", "KEY")]
    [InlineData("keys rotate k --grace tomorrow", "--grace")]
    [InlineData("workspaces create", "NAME")]
    [InlineData("workspaces create a b", "b")]
    [InlineData("workspaces set a", "Nothing to set")]
    [InlineData("apply", "--file")]
    [InlineData("deployments create --workspace w --model m --backend vllm", "--replica")]
    [InlineData("deployments create --workspace w --model m --backend vllm --replica nowhere", "--replica")]
    [InlineData("deployments create --workspace w --model m --backend vllm --replica ftp://x", "--replica")]
    [InlineData("deployments create --workspace w --model m --backend vllm --replica http://x,weight=0", "--replica")]
    [InlineData("deployments set d --defaults nothing", "--defaults")]
    [InlineData("deployments set d --defaults top_p=NaN", "--defaults")]
    [InlineData("deployments set d --idle-timeout 5", "--idle-timeout")]
    [InlineData("deployments set d --api-key-env X", "needs --replica")]
    [InlineData("deployments set d", "Nothing to set")]
    [InlineData("workspaces list --server nowhere", "--server")]
    [InlineData("workspaces list --server ftp://x", "--server")]
    [InlineData("workspaces list --server http://u:p@x", "--server")]
    public async Task What_cannot_be_meant_ends_with_2_and_names_the_mistake(string line, string named)
    {
        var outcome = await new CommandLine().RunAsync(line);
        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Out));
        Assert.StartsWith("error: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(named, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_address_in_the_variable_is_named_as_such()
    {
        var outcome = await new CommandLine { Environment = { ["PENSTOCK_SERVER"] = "nowhere" } }.RunAsync("export");
        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith("error: PENSTOCK_SERVER is \"nowhere\"", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_says_where_to_read_on()
    {
        var outcome = await new CommandLine().RunAsync("keys rotate");
        Assert.EndsWith(
            "Usage: penstock keys rotate KEY [options]\nMore:  penstock keys rotate --help\n",
            outcome.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("keys --help")]
    [InlineData("deployments create --help")]
    public async Task Help_is_no_mistake(string line)
    {
        var outcome = await new CommandLine().RunAsync(line);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.NotEmpty(outcome.Out);
    }

    [Theory]
    [InlineData("deployments create", "--replica", "--upstream-model", "--backend", "--server", "--json")]
    [InlineData("keys create", "--workspace", "--rpm", "--models", "--expires", "--admin-token")]
    [InlineData("apply", "-f", "--prune", "--dry-run")]
    public async Task Help_names_every_option(string verb, params string[] options)
    {
        var outcome = await new CommandLine().RunAsync($"{verb} --help");
        Assert.All(options, option => Assert.Contains(option, outcome.Out, StringComparison.Ordinal));
    }
}

using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Penstock.Cli;
using Penstock.Hosting.Doctor;
using Penstock.Tests.Cli;
using Penstock.Tests.Docs;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Hosting.Doctor;

/// <summary>The verb as a shell would run it, on this machine's own files, clock and sockets.</summary>
public sealed class DoctorVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    [Fact]
    public async Task A_machine_on_which_nothing_ran_yet_is_well_and_nothing_is_made_on_it()
    {
        var outcome = await RunAsync("doctor", "--json", "--data", Data, "--server", FreeUrl());

        Assert.Equal(0, outcome.ExitCode);
        Assert.All(Checks(outcome), check => Assert.NotEqual("problem", check["status"]!.GetValue<string>()));
        Assert.False(Directory.Exists(Data));
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task The_document_has_what_it_promises_and_nothing_else()
    {
        var outcome = await RunAsync("doctor", "--json", "--data", Data, "--server", FreeUrl());

        Assert.Equal(["checks"], JsonNode.Parse(outcome.Out)!.AsObject().Select(member => member.Key));
        Assert.All(
            Checks(outcome),
            check =>
            {
                Assert.Equal(["name", "status", "seen", "advice"], check.AsObject().Select(member => member.Key));
                Assert.Contains(check["status"]!.GetValue<string>(), new[] { "ok", "warning", "problem" });
                Assert.NotEmpty(check["seen"]!.GetValue<string>());
                Assert.Equal(check["status"]!.GetValue<string>() == "ok", check["advice"] is null);
            }
        );
        Assert.Equal(
            ["configuration", "data_folder", "database", "clock", "open_files", "address", "engine"],
            Checks(outcome).Select(check => check["name"]!.GetValue<string>()).Distinct()
        );
    }

    [Fact]
    public async Task A_problem_is_told_with_what_to_do_and_ends_with_1()
    {
        await File.WriteAllTextAsync(Data, "", TestContext.Current.CancellationToken);

        var outcome = await RunAsync("doctor", "--data", Data, "--server", FreeUrl());

        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches(@"problem +data_folder +.* is a file\n +=> Name a folder with --data\.", outcome.Out);
        Assert.Contains("problems: 1, ", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--server", "nonsense")]
    [InlineData("--server", "http://127.0.0.1:0")]
    [InlineData("--server", "http://unix:/tmp/socket")]
    [InlineData("--urls", "http://127.0.0.1:8080;ftp://127.0.0.1")]
    [InlineData("--nonsense", "x")]
    public async Task Wrong_usage_ends_with_2(string option, string value)
    {
        var outcome = await RunAsync("doctor", option, value);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Out);
        Assert.Contains(value == "x" ? option : "--server names", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_of_the_declarative_file_is_told_with_its_line()
    {
        var file = _folder.Write(
            "penstock.yaml",
            """
            workspaces:
              - name: acme
                plan: gold
            deployments:
              - workspace: acme
                model: m
                backend: vllm
                replica: []
            """
        );

        var outcome = await RunAsync("doctor", "--json", "--data", Data, "--config", file, "--server", FreeUrl());

        Assert.Equal(1, outcome.ExitCode);
        var seen = Of(outcome, "config_file");
        Assert.Contains(seen, text => text.StartsWith($"{file}:3:11", StringComparison.Ordinal));
        Assert.Contains(seen, text => text.StartsWith($"{file}:8:5", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task The_engines_of_a_file_that_was_never_applied_are_asked_too()
    {
        var engine = FreeUrl();
        var file = _folder.Write(
            "penstock.yaml",
            $$"""
            workspaces: [{ name: acme, plan: pro }]
            deployments:
              - { workspace: acme, model: m, upstream_model: org/m, backend: vllm, replicas: [{ url: "{{engine}}" }] }
            """
        );

        var outcome = await RunAsync("doctor", "--json", "--data", Data, "--config", file, "--server", FreeUrl());

        Assert.Contains("is right", Assert.Single(Of(outcome, "config_file")), StringComparison.Ordinal);
        Assert.StartsWith(
            $"m at {engine} (vllm): no connection",
            Assert.Single(Of(outcome, "engine")),
            StringComparison.Ordinal
        );
        Assert.Equal(1, outcome.ExitCode);
    }

    [Fact]
    public async Task The_page_explains_every_check()
    {
        var file = _folder.Write("penstock.yaml", "workspaces: []");

        var outcome = await RunAsync("doctor", "--json", "--data", Data, "--config", file, "--server", FreeUrl());

        Assert.Equal(
            MarkdownTable.Read("operating.md", "| check | looks at |").Select(row => row[0]),
            Checks(outcome).Select(check => check["name"]!.GetValue<string>()).Distinct()
        );
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_problem()
    {
        var file = _folder.File("missing.yaml");

        var outcome = await RunAsync("doctor", "--json", "--data", Data, "--config", file, "--server", FreeUrl());

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("cannot be read", Assert.Single(Of(outcome, "config_file")), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<CliOutcome> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var surroundings = Surroundings.OfProcess() with { Out = output, Error = error };
        var root = new RootCommand("Penstock") { DoctorVerb.Create() };
        var exitCode = await CommandLineHost.RunAsync(
            root,
            arguments,
            surroundings,
            TestContext.Current.CancellationToken
        );
        return new CliOutcome(exitCode, output.ToString(), error.ToString());
    }

    private static JsonNode[] Checks(CliOutcome outcome) =>
        [.. JsonNode.Parse(outcome.Out)!["checks"]!.AsArray().Select(check => check!)];

    /// <summary>What was seen by one check.</summary>
    private static List<string> Of(CliOutcome outcome, string name) =>
        [
            .. Checks(outcome)
                .Where(check => check["name"]!.GetValue<string>() == name)
                .Select(check => check["seen"]!.GetValue<string>()),
        ];

    private static string FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}

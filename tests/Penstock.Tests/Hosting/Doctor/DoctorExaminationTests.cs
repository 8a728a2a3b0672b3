using Penstock.Hosting.Doctor;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Simulator;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Hosting.Doctor;

/// <summary>All checks together, on the folder of a registry that is open and at work.</summary>
public sealed class DoctorExaminationTests
{
    [Fact]
    public async Task A_folder_that_a_server_uses_is_looked_into_without_disturbing_it()
    {
        await using var engine = SimulatorServer.Start(new SimulatorOptions { Models = ["org/m"] });
        using var registry = await TestRegistry.OpenAsync();
        await registry.MakeWorkspaceAsync("acme");
        var url = engine.Url.AbsoluteUri.TrimEnd('/');
        await registry.MakeDeploymentAsync("acme", "m", spec => Serving(spec, "org/m", url));
        var before = Files(registry.DataPath);

        var findings = await ExamineAsync(registry);

        Assert.Equal(before, Files(registry.DataPath));
        Assert.DoesNotContain(findings, finding => finding.Status == CheckStatus.Problem);
        Assert.Contains(
            $"held by process {Environment.ProcessId}",
            Seen(findings, "data_folder"),
            StringComparison.Ordinal
        );
        Assert.Contains("workspaces: 1, keys: 0, deployments: 1", Seen(findings, "database"), StringComparison.Ordinal);
        Assert.Contains("it is well and serves org/m", Seen(findings, "engine"), StringComparison.Ordinal);
        // It goes on as if nobody had looked.
        await registry.MakeWorkspaceAsync("later");
    }

    [Fact]
    public async Task A_clock_behind_the_newest_change_is_a_problem()
    {
        using var registry = await TestRegistry.OpenAsync();
        await registry.MakeWorkspaceAsync("acme");
        var today = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(registry.Time.GetUtcNow().AddHours(-1));

        var findings = await ExamineAsync(registry, today);

        var finding = Assert.Single(findings, finding => finding.Name == "clock");
        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.Contains("01:00:00 behind the newest change", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_declarative_file_would_change_is_forgotten()
    {
        using var registry = await TestRegistry.OpenAsync();
        using var folder = new TemporaryFolder();
        var file = folder.Write("penstock.yaml", "workspaces: [{ name: acme, plan: pro }]");

        var findings = await ExamineAsync(registry, file: file);

        Assert.Contains("applying it changes: 1", Seen(findings, "config_file"), StringComparison.Ordinal);
        Assert.Empty(registry.State.Workspaces);
    }

    [Fact]
    public async Task A_database_that_cannot_be_read_is_told_and_the_rest_is_looked_at_all_the_same()
    {
        using var folder = new TemporaryFolder();
        folder.Write("penstock.db", new string('x', 8192));

        var findings = await new Examination(new DoctorSettings(folder.Path, null, []), TimeProvider.System).RunAsync(
            TestContext.Current.CancellationToken
        );

        Assert.Equal(CheckStatus.Problem, Assert.Single(findings, finding => finding.Name == "database").Status);
        Assert.Equal(CheckStatus.Warning, Assert.Single(findings, finding => finding.Name == "engine").Status);
        Assert.Equal(CheckStatus.Ok, Assert.Single(findings, finding => finding.Name == "clock").Status);
    }

    private static DeploymentSpec Serving(DeploymentSpec spec, string model, string url) =>
        spec with
        {
            UpstreamModel = model,
            Replicas = [new ReplicaSpec(new ReplicaRecord { Url = url }, SaysCredential: false)],
        };

    private static Task<IReadOnlyList<Finding>> ExamineAsync(
        TestRegistry registry,
        TimeProvider? time = null,
        string? file = null
    ) =>
        new Examination(new DoctorSettings(registry.DataPath, file, []), time ?? registry.Time).RunAsync(
            TestContext.Current.CancellationToken
        );

    private static string Seen(IReadOnlyList<Finding> findings, string name) =>
        string.Join('\n', findings.Where(finding => finding.Name == name).Select(finding => finding.Seen));

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder).Order();
}

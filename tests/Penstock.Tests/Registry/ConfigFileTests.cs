using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Penstock.Registry;

namespace Penstock.Tests.Registry;

public sealed class ConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLogger<ConfigFile> _logger = new();

    [Fact]
    public async Task A_file_that_changes_is_applied_again()
    {
        using var registry = await TestRegistry.OpenAsync();
        var path = _folder.Write("penstock.yaml", Workspaces("a"));
        using var watch = await StartAsync(registry, path);

        await registry.UntilAsync(() => _folder.Write("penstock.yaml", Workspaces("a", "b")), "a, b");
        await registry.UntilAsync(() => Replace(path, Workspaces("a", "b", "c")), "a, b, c");
    }

    [Fact]
    public async Task A_swapped_link_is_followed()
    {
        using var registry = await TestRegistry.OpenAsync();
        Directory.CreateDirectory(_folder.File("1"));
        Directory.CreateDirectory(_folder.File("2"));
        _folder.Write("1/penstock.yaml", Workspaces("a"));
        _folder.Write("2/penstock.yaml", Workspaces("a", "b"));
        File.CreateSymbolicLink(_folder.File("..data"), "1");
        File.CreateSymbolicLink(_folder.File("penstock.yaml"), "..data/penstock.yaml");
        using var watch = await StartAsync(registry, _folder.File("penstock.yaml"));

        await registry.UntilAsync(
            () =>
            {
                File.CreateSymbolicLink(_folder.File("..data_tmp"), "2");
                // The one rename that replaces a link to a folder, as the kubelet does it.
                using var move = Process.Start("mv", ["-T", _folder.File("..data_tmp"), _folder.File("..data")]);
                move.WaitForExit();
            },
            "a, b"
        );
    }

    [Fact]
    public async Task A_file_with_mistakes_changes_nothing_and_each_is_logged_with_its_line()
    {
        using var registry = await TestRegistry.OpenAsync();
        var path = _folder.Write("penstock.yaml", Workspaces("a"));
        var file = File_(registry, path);
        await file.ApplyAsync(TestRegistry.Stop);
        var before = registry.State;

        _folder.Write("penstock.yaml", "workspaces:\n  - name: b\n    plan: gold\n  - nmae: c\n");
        await file.CheckAsync(TestRegistry.Stop);

        Assert.Same(before, registry.State);
        var errors = _logger
            .Collector.GetSnapshot()
            .Where(record => record.Level == LogLevel.Error)
            .Select(record => record.Message);
        Assert.Equal(
            [
                $"{path}:3:11 workspaces[0].plan: there is no plan \"gold\"",
                $"{path}:4:5 workspaces[1].nmae: unknown field \"nmae\", did you mean \"name\"?",
                $"{path}:4:5 workspaces[1]: workspace needs \"name\": Its name.",
                $"{path} has 3 mistakes: nothing of it was applied",
            ],
            errors
                .OrderBy(message => message.Contains("has 3 mistakes", StringComparison.Ordinal))
                .ThenBy(m => m, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_mistake_at_the_start_is_the_callers_to_tell_and_its_correction_is_applied()
    {
        using var registry = await TestRegistry.OpenAsync();
        var file = File_(registry, _folder.Write("penstock.yaml", "workspaces: 7"));

        var first = await file.ApplyAsync(TestRegistry.Stop);
        await file.CheckAsync(TestRegistry.Stop);
        _folder.Write("penstock.yaml", Workspaces("a"));
        await file.CheckAsync(TestRegistry.Stop);

        Assert.True(first.Refused);
        Assert.DoesNotContain(_logger.Collector.GetSnapshot(), record => record.Level == LogLevel.Error);
        Assert.Equal("a", Names(registry));
    }

    [Fact]
    public async Task A_file_that_is_away_changes_nothing_and_is_a_mistake_at_the_start()
    {
        using var registry = await TestRegistry.OpenAsync();
        var path = _folder.Write("penstock.yaml", Workspaces("a"));
        var file = File_(registry, path);
        await file.ApplyAsync(TestRegistry.Stop);

        File.Delete(path);
        await file.CheckAsync(TestRegistry.Stop);
        await file.CheckAsync(TestRegistry.Stop);
        var again = await file.ApplyAsync(TestRegistry.Stop);

        Assert.Equal("a", Names(registry));
        Assert.Single(_logger.Collector.GetSnapshot(), record => record.Id.Id == 2104);
        Assert.Contains("the file cannot be read", Assert.Single(again.Mistakes).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Workspaces(params string[] names) =>
        "workspaces:\n" + string.Concat(names.Select(name => $"  - name: {name}\n"));

    private static string Names(TestRegistry registry) =>
        string.Join(", ", registry.State.Workspaces.Values.Select(w => w.Name).Order(StringComparer.Ordinal));

    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    private ConfigFile File_(TestRegistry registry, string path) =>
        new(path, prune: false, registry.Applier(), _logger);

    private async Task<ConfigFileWatch> StartAsync(TestRegistry registry, string path)
    {
        var file = File_(registry, path);
        Assert.False((await file.ApplyAsync(TestRegistry.Stop)).Refused);
        var watch = new ConfigFileWatch(file, TimeProvider.System, NullLogger<ConfigFileWatch>.Instance);
        await watch.StartAsync(TestRegistry.Stop);
        return watch;
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Registry;
using Penstock.Registry.Changes;

namespace Penstock.Tests.Registry;

public sealed class CredentialFileWatchTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string?> _published = [];
    private TestRegistry _registry = null!;
    private CredentialFileWatch _watch = null!;

    private string KeyFile => _folder.File("engine.key");

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.OpenAsync();
        _watch = new CredentialFileWatch(_registry.Live, _registry.Time, NullLogger<CredentialFileWatch>.Instance);
        File.WriteAllText(KeyFile, "first\n");
        await _registry.MakeWorkspaceAsync("acme");
        var replica = new ReplicaRecord { Url = "http://127.0.0.1:9", ApiKeyFile = KeyFile };
        await _registry.MakeDeploymentAsync(
            "acme",
            "m",
            spec => spec with { Replicas = [new ReplicaSpec(replica, SaysCredential: true)] }
        );
        _registry.Live.OnPublished(published =>
            _published.Add(published.Deployments.Single().Replicas.Single().ApiKey)
        );
        await _watch.StartAsync(TestRegistry.Stop);
    }

    [Fact]
    public async Task A_credential_that_was_changed_in_its_file_is_used_without_a_change_of_the_registry()
    {
        File.WriteAllText(KeyFile, "second\n");

        await BeatsUntilAsync("second");

        Assert.Equal(["first", "second"], _published);
    }

    [Fact]
    public async Task A_file_that_is_replaced_by_a_link_with_an_older_time_is_read_too()
    {
        var older = _folder.Write("older", "swapped");
        File.SetLastWriteTimeUtc(older, DateTime.UnixEpoch);
        File.Delete(KeyFile);
        File.CreateSymbolicLink(KeyFile, older);

        await BeatsUntilAsync("swapped");
    }

    [Fact]
    public async Task A_file_that_is_gone_or_empty_leaves_the_credential_that_was_in_it()
    {
        File.Delete(KeyFile);
        await _registry.Live.RenewCredentialsAsync(TestRegistry.Stop);
        File.WriteAllText(KeyFile, "");
        await _registry.Live.RenewCredentialsAsync(TestRegistry.Stop);

        Assert.Equal(["first"], _published);
    }

    [Fact]
    public async Task A_file_that_stays_as_it_is_has_nothing_published()
    {
        File.SetLastWriteTimeUtc(KeyFile, DateTime.UnixEpoch);

        await _registry.Live.RenewCredentialsAsync(TestRegistry.Stop);

        Assert.Equal(["first"], _published);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
        _registry.Dispose();
        _folder.Dispose();
    }

    private async Task BeatsUntilAsync(string credential)
    {
        while (_published[^1] != credential)
        {
            TestRegistry.Stop.ThrowIfCancellationRequested();
            _registry.Time.Advance(CredentialFileWatch.Interval);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestRegistry.Stop);
        }
    }
}

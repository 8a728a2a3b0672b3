using Penstock.EndToEndTests.Harness;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Tests.Storage.Postgres;

namespace Penstock.Tests.Registry;

/// <summary>Several gateways on one registry.</summary>
public sealed class RegistryFollowerTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.NewAsync();

    [Fact]
    public async Task A_change_made_by_one_is_published_by_the_other()
    {
        await using var one = await SharedRegistry.OpenAsync(_database);
        await using var other = await SharedRegistry.OpenAsync(_database);
        var published = 0;
        other.Live.OnPublished(_ => Interlocked.Increment(ref published));

        var workspace = await one.MakeWorkspaceAsync("acme");

        await other.UntilAsync(() => other.Live.State.FindWorkspace("acme") is not null);
        Assert.Equal(workspace, other.Live.State.FindWorkspace("acme"));
        Assert.Equal(2, published);
    }

    [Fact]
    public async Task A_change_that_is_announced_is_seen_without_waiting_for_the_next_poll()
    {
        var feed = new Megaphone();
        await using var one = await SharedRegistry.OpenAsync(_database, feed);
        await using var other = await SharedRegistry.OpenAsync(_database, feed);
        var seen = new TaskCompletionSource();
        other.Live.OnPublished(published =>
        {
            if (published.State.FindWorkspace("acme") is not null)
            {
                seen.TrySetResult();
            }
        });

        await one.MakeWorkspaceAsync("acme");

        // The other's clock stands still.
        await seen.Task.WaitAsync(Stop);
    }

    [Fact]
    public async Task A_feed_that_fails_takes_nothing_from_a_change()
    {
        await using var one = await SharedRegistry.OpenAsync(_database, new BrokenFeed());

        Assert.NotNull(await one.MakeWorkspaceAsync("acme"));
    }

    [Fact]
    public async Task A_change_is_made_on_what_others_have_left_and_not_on_what_was_known()
    {
        await using var one = await SharedRegistry.OpenAsync(_database);
        await using var other = await SharedRegistry.OpenAsync(_database);
        await one.MakeWorkspaceAsync("acme");

        var outcome = await other.Live.ChangeAsync(
            "test",
            draft => WorkspaceChanges.Create(draft, Declared<WorkspaceSpec>.ByProgram(new("acme", "pro"))),
            Stop
        );

        Assert.Equal(MistakeCodes.AlreadyExists, Assert.Single(outcome.Mistakes).Code);
    }

    [Fact]
    public async Task Changes_made_by_several_at_the_same_time_all_happen()
    {
        await using var one = await SharedRegistry.OpenAsync(_database);
        await using var two = await SharedRegistry.OpenAsync(_database);
        await using var three = await SharedRegistry.OpenAsync(_database);
        SharedRegistry[] all = [one, two, three];

        await Task.WhenAll(
            all.Select(
                async (registry, at) =>
                {
                    for (var i = 0; i < 10; i++)
                    {
                        await registry.MakeWorkspaceAsync($"w{at}-{i}");
                    }
                }
            )
        );

        await one.Live.CatchUpAsync(Stop);
        Assert.Equal(30, one.Live.State.Workspaces.Count);
        Assert.Equal(30, await _database.NumberAsync("SELECT count(*) FROM audit WHERE kind = 'workspace'"));
    }

    [Fact]
    public async Task Three_first_starts_at_once_make_one_workspace_with_one_key()
    {
        await using var one = await SharedRegistry.OpenAsync(_database);
        await using var two = await SharedRegistry.OpenAsync(_database);
        await using var three = await SharedRegistry.OpenAsync(_database);
        SharedRegistry[] all = [one, two, three];

        var issued = await Task.WhenAll(all.Select(start => new FirstStart(start.Live, start.Keys).EnsureAsync(Stop)));

        Assert.Single(issued, key => key is not null);
        await one.Live.CatchUpAsync(Stop);
        Assert.Single(one.Live.State.Workspaces);
        Assert.Single(one.Live.State.Keys);
    }

    [Fact]
    public async Task While_the_database_is_away_the_registry_stays_as_it_was_and_is_told_once()
    {
        await using var one = await SharedRegistry.OpenAsync(_database);
        await using var other = await SharedRegistry.OpenAsync(_database);
        await one.MakeWorkspaceAsync("before");
        await PostgresServer.AwayAsync(_database.Connection, away: true);

        await one.UntilAsync(() => one.Logs.Any(line => line.Contains("is away", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<StoreAwayException>(() => one.MakeWorkspaceAsync("refused"));
        Assert.NotNull(one.Live.State.FindWorkspace("before"));

        await PostgresServer.AwayAsync(_database.Connection, away: false);
        await one.UntilAsync(() => one.Logs.Any(line => line.Contains("is back", StringComparison.Ordinal)));
        Assert.Single(one.Logs, line => line.Contains("is away", StringComparison.Ordinal));
        await one.MakeWorkspaceAsync("after");
        await other.UntilAsync(() => other.Live.State.FindWorkspace("after") is not null);
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Everybody hears everything, the speaker too.</summary>
    private sealed class Megaphone : IChangeFeed
    {
        private readonly List<Action<long>> _listeners = [];

        public ValueTask AnnounceAsync(long revision, CancellationToken cancellationToken)
        {
            _listeners.ForEach(listener => listener(revision));
            return ValueTask.CompletedTask;
        }

        public void Listen(Action<long> heard) => _listeners.Add(heard);
    }

    private sealed class BrokenFeed : IChangeFeed
    {
        public ValueTask AnnounceAsync(long revision, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("nobody there");

        public void Listen(Action<long> heard) { }
    }
}

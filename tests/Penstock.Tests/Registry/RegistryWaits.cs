using System.Threading.Channels;

namespace Penstock.Tests.Registry;

/// <summary>Waiting for what a registry publishes.</summary>
internal static class RegistryWaits
{
    /// <summary>Does something and waits until the workspaces are these; the test's own time limit ends the wait.</summary>
    public static async Task UntilAsync(this TestRegistry registry, Action act, string workspaces)
    {
        var seen = Channel.CreateUnbounded<string>();
        registry.Live.OnPublished(published =>
            seen.Writer.TryWrite(
                string.Join(
                    ", ",
                    published.State.Workspaces.Values.Select(workspace => workspace.Name).Order(StringComparer.Ordinal)
                )
            )
        );
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestRegistry.Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        act();
        while (await seen.Reader.ReadAsync(limit.Token) != workspaces)
        {
            // An earlier state.
        }
    }
}

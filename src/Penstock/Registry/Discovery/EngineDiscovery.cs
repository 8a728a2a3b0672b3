using System.Collections.Immutable;
using Penstock.Engines;

namespace Penstock.Registry.Discovery;

/// <summary>Looks for engines: on loopback at their usual ports, or at the URLs that were named instead.</summary>
internal sealed class EngineDiscovery(TimeProvider time)
{
    /// <summary>A local engine answers its list of models in a few milliseconds; a first start must take no longer than 2 s.</summary>
    public static TimeSpan LoopbackTimeout { get; } = TimeSpan.FromMilliseconds(300);

    /// <summary>An engine that was named may be far away, and is worth waiting for.</summary>
    public static TimeSpan NamedTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Every usual port, once.</summary>
    public static ImmutableArray<int> UsualPorts { get; } =
    [.. EngineCatalog.All.SelectMany(engine => engine.Signature?.Ports ?? []).Distinct()];

    /// <summary>Asks every usual port at once.</summary>
    /// <param name="ownPorts">Where we listen ourselves: asking there would find us.</param>
    public async Task<DiscoveryResult> OnLoopbackAsync(IReadOnlySet<int> ownPorts, CancellationToken cancellationToken)
    {
        var ports = UsualPorts.Where(port => !ownPorts.Contains(port));
        var found = await AskAsync(
            ports.Select(port => $"http://127.0.0.1:{port}"),
            LoopbackTimeout,
            cancellationToken
        );
        return found with { Problems = [] };
    }

    /// <summary>Asks the named URLs at once; each that gives no models is a problem worth telling.</summary>
    public Task<DiscoveryResult> AtAsync(IEnumerable<string> urls, CancellationToken cancellationToken) =>
        AskAsync(urls, NamedTimeout, cancellationToken);

    private async Task<DiscoveryResult> AskAsync(
        IEnumerable<string> urls,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        using var probe = new EngineProbe();
        using var bounded = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bounded.Token, cancellationToken);
        var answers = await Task.WhenAll(urls.Select(AskOneAsync));
        cancellationToken.ThrowIfCancellationRequested();
        return new DiscoveryResult(
            [.. answers.Select(answer => answer.Engine).OfType<FoundEngine>()],
            [.. answers.Where(answer => answer.Problem is not null).Select(answer => (answer.Url, answer.Problem!))]
        );

        async Task<(string Url, FoundEngine? Engine, string? Problem)> AskOneAsync(string text)
        {
            var (url, problem) = Changes.ReplicaRules.Normalize(text);
            if (url is null)
            {
                return (text, null, problem);
            }

            (var engine, problem) = await probe.AskAsync(url, either.Token);
            return (text, engine, problem);
        }
    }
}

using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Limits;

/// <summary>Twenty keys under fifty parallel clients are limited exactly.</summary>
public sealed class HammeringTests
{
    private const int Keys = 20;
    private const int Clients = 50;

    // Long enough for the fastest key to drain dozens of requests beyond its burst.
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Twenty_keys_hammered_by_fifty_clients_get_what_is_theirs_and_no_more()
    {
        await using var engine = new RecordingEngine();
        var keys = Enumerable.Range(0, Keys).Select(i => new HammeredKey($"key-{i}", 60 + i * 28)).ToList();
        var declaration = new Declaration()
            .Plan("hammered", 600, 600)
            .Workspace("acme", "hammered")
            .Deployment("acme", "m", "org/model", engine.Url);
        keys.ForEach(key => declaration.Key(key.Name, "acme", json => json["requests_per_minute"] = key.Limit));
        await using var gateway = await GatewayProcess.StartAsync(declaration);

        var start = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => HammerAsync(client, start)));

        foreach (var key in keys)
        {
            Assert.True(key.Refused > 0, $"{key.Name} was never over its limit: the test shows nothing.");
            key.AssertNeverOver();
            key.AssertNotUnder();
        }

        async Task HammerAsync(int client, long since)
        {
            for (var i = client; TimeProvider.System.GetElapsedTime(since) < Duration; i++)
            {
                await keys[i % Keys].CallAsync(gateway);
            }
        }
    }
}

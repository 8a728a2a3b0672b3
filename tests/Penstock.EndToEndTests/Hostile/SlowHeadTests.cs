using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Hostile;

/// <summary>Heads of one byte a second, many at once: each is let go in the end, and nobody else waits for them.</summary>
public sealed class SlowHeadTests : IClassFixture<HostileGateway>
{
    private const int Clients = 100;

    // Well beyond the half minute that servers commonly allow a head.
    private const int Seconds = 60;

    private readonly HostileGateway _fixture;

    public SlowHeadTests(HostileGateway fixture) => _fixture = fixture;

    [Fact]
    public async Task A_head_of_one_byte_a_second_is_not_waited_for()
    {
        var clients = Enumerable.Range(0, Clients).Select(_ => _fixture.Gateway.Raw()).ToList();
        foreach (var client in clients)
        {
            await client.SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        }

        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        var seconds = 0;
        while (clients.Count > 0 && seconds++ < Seconds)
        {
            await second.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            await _fixture.AssertServesAsync();
            foreach (var client in clients.ToList())
            {
                if (client.HasClosed || !await client.SendAsync("x"u8.ToArray()))
                {
                    clients.Remove(client);
                    client.Dispose();
                }
            }
        }

        Assert.True(clients.Count == 0, $"{clients.Count} of {Clients} are still waited for after {Seconds} s.");
    }
}

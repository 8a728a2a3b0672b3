using System.Text;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Hostile;

/// <summary>A gateway that judges the pace of a body early, and words for requests that ordinary clients do not speak.</summary>
public sealed class HostileGateway : IAsyncLifetime
{
    // Noise of the collector and of the tests' own honest bodies; what is hunted is growth with the attacker's bytes.
    private const long Slack = 256L * 1024 * 1024;

    private long _calm;

    internal RecordingEngine Engine { get; } = new();

    internal GatewayProcess Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Gateway = await GatewayProcess.StartAsync(
            new Declaration().Tenant("acme").Deployment("acme", "m", "org/model", Engine.Url),
            Setting.Of((Setting.BodyGraceSeconds, "2"))
        );
        await AssertServesAsync();
        _calm = Gateway.Process.ResidentBytes;
    }

    /// <summary>The head of a good request, up to but without the header that tells its length.</summary>
    internal static string Head(string more, string line = "POST /v1/chat/completions HTTP/1.1") =>
        $"{line}\r\nHost: x\r\nAuthorization: Bearer {Declaration.Secret("acme")}\r\nContent-Type: application/json\r\n"
        + more
        + "\r\n";

    internal static string Whole(string body, string more = "") =>
        Head($"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}") + body;

    /// <summary>Whatever was done to it: the same process, of the same size, serves the next caller.</summary>
    internal async Task AssertServesAsync()
    {
        Assert.False(Gateway.Process.HasExited, "The gateway has died.");
        (await Gateway.As("acme").ChatAsync(ChatBody.Minimal())).Expect(200);
        var grown = Gateway.Process.ResidentBytes - _calm;
        Assert.True(_calm == 0 || grown < Slack, $"Grew by {grown / 1024 / 1024} MB.");
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        await Engine.DisposeAsync();
    }
}

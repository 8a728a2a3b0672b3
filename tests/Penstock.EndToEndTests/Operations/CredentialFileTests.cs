using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>An engine's credential in a file, renewed while the gateway runs.</summary>
public sealed class CredentialFileTests
{
    [Fact]
    public async Task A_renewed_credential_reaches_the_engine_though_nothing_else_is_changed()
    {
        await using var engine = new RecordingEngine();
        using var folder = new TempFolder();
        var file = folder.Write("engine.key", "sk-first\n");
        await using var gateway = await GatewayProcess.StartAsync(
            new Declaration()
                .Tenant("acme")
                .Deployment(
                    "acme",
                    "m",
                    "org/model",
                    engine.Url,
                    deployment => deployment["replicas"]![0]!["api_key_file"] = file
                )
        );
        Assert.Equal("Bearer sk-first", await AskedWithAsync());

        // As whoever rotates does it: whole, and in one move.
        File.Move(folder.Write("next", "sk-second\n"), file, overwrite: true);

        await Until.TrueAsync(
            async () => await AskedWithAsync() == "Bearer sk-second",
            "the new credential to be used"
        );

        async Task<string?> AskedWithAsync()
        {
            engine.Reset();
            (await gateway.As("acme").ChatAsync(ChatBody.Minimal("m"))).Expect(200);
            return engine.Requests[^1].Header("Authorization");
        }
    }
}

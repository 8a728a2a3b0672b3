using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Fleet;

/// <summary>What is changed at one of three gateways holds at all of them, also while nobody can tell of it.</summary>
public sealed class FleetChangeTests : IAsyncLifetime
{
    private const string Model = "m";
    private const string Other = "other";

    private readonly RecordingEngine _engine = new();
    private GatewayFleet _fleet = null!;

    public async ValueTask InitializeAsync() =>
        _fleet = await GatewayFleet.StartAsync(
            new Declaration()
                .Tenant("acme")
                .Key("first", "acme")
                .Key("second", "acme")
                .Deployment("acme", Model, "org/model", _engine.Url)
                .Deployment("acme", Other, "org/other", _engine.Url)
        );

    [Fact]
    public async Task A_key_that_is_revoked_and_a_deployment_that_is_drained_at_one_are_so_at_all()
    {
        await EverywhereAsync("first", Model, 200);
        await RevokeAsync("first");
        await EverywhereAsync("first", Model, 401);
        // A deployment with nothing to give it to: refused, and nothing reaches the engine.
        await DrainAsync(Model);
        await EverywhereAsync("acme", Model, 503);
        var asked = _engine.Requests.Count;
        await EverywhereAsync("acme", Model, 503);
        Assert.Equal(asked, _engine.Requests.Count);

        // Nobody can tell of it any more: each sees it by itself.
        await _fleet.Redis.KillAsync();
        await EverywhereAsync("second", Other, 200);
        await RevokeAsync("second");
        await EverywhereAsync("second", Other, 401);
        await DrainAsync(Other);
        await EverywhereAsync("acme", Other, 503);

        await _fleet.Redis.StartAgainAsync();
        var made = await _fleet[2]
            .Admin.CreateAsync("keys", new JsonObject { ["workspace"] = "acme", ["name"] = "third" });
        var secret = made["secret"]!.GetValue<string>();
        foreach (var gateway in _fleet.Running)
        {
            await Until.TrueAsync(
                async () => (await gateway.WithSecret(secret).GetAsync("/v1/models")).Status == 200,
                $"{gateway.BaseUrl} to know the key"
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_fleet?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _engine.DisposeAsync();
    }

    private async Task RevokeAsync(string name)
    {
        var id = (await _fleet[0].Admin.ListAsync("keys")).Single(key => (string?)key["name"] == name)["id"];
        (await _fleet[0].Cli.RunAsync("keys", "revoke", (string)id!)).Expect(0);
    }

    private async Task DrainAsync(string model) =>
        (await _fleet[1].Cli.RunAsync("deployments", "drain", model)).Expect(0);

    /// <summary>Within the bound of a poll, which a test does not measure.</summary>
    private async Task EverywhereAsync(string key, string model, int status)
    {
        foreach (var gateway in _fleet.Running)
        {
            await Until.TrueAsync(
                async () => (await gateway.As(key).ChatAsync(ChatBody.Minimal(model))).Status == status,
                $"{gateway.BaseUrl} to answer {status}"
            );
        }
    }
}

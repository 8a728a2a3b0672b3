namespace Penstock.EndToEndTests.Harness;

/// <summary>A gateway in front of one fake engine: model <c>m</c> is the engine's <c>org/model</c>, the tenant is <c>acme</c>.</summary>
public sealed class RecordedGateway : IAsyncLifetime
{
    public const string Model = "m";
    public const string UpstreamModel = "org/model";
    public const string Tenant = "acme";

    /// <summary>A key of the same workspace that may send what reaches into the engine.</summary>
    public const string Trusted = "trusted";

    private int _deployments;

    internal RecordingEngine Engine { get; } = new();

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal GatewayClient Client => Gateway.As(Tenant);

    public async ValueTask InitializeAsync()
    {
        var declaration = new Declaration()
            .Tenant(Tenant)
            .Key(Trusted, Tenant, key => key["permissions"] = new System.Text.Json.Nodes.JsonArray("engine-controls"))
            .Deployment(Tenant, Model, UpstreamModel, Engine.Url, SharesItsCache);
        Gateway = await GatewayProcess.StartAsync(declaration);
    }

    /// <summary>A deployment of the test's own on an engine of its own, so that no breaker is shared; its model's name.</summary>
    internal async Task<string> DeployAsync(string url, Action<System.Text.Json.Nodes.JsonObject>? more = null)
    {
        var model = $"own-{Interlocked.Increment(ref _deployments)}";
        await Gateway.DeployAsync(Tenant, model, UpstreamModel, url, more + SharesItsCache);
        return model;
    }

    /// <summary>These tests look at every byte: the salt, which no two gateways share, is looked at by one of its own.</summary>
    private static void SharesItsCache(System.Text.Json.Nodes.JsonObject deployment) =>
        deployment["share_cache"] ??= true;

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        await Engine.DisposeAsync();
    }
}

namespace Penstock.Benchmarks.Gateways;

/// <summary>The gateway with a scripted engine behind it, and the plain server to compare it with.</summary>
internal sealed class GatewayAndPlainServer(ScriptedEngine engine, InProcessGateway gateway, PlainServer plain)
    : IAsyncDisposable
{
    public ScriptedEngine Engine => engine;

    public Uri Gateway => gateway.Url;

    public Uri Plain => plain.Url;

    public static async Task<GatewayAndPlainServer> StartAsync()
    {
        var engine = new ScriptedEngine();
        var gateway = await InProcessGateway.StartAsync(engine.Url);
        return new GatewayAndPlainServer(engine, gateway, await PlainServer.StartAsync(EngineAnswers.JsonBody));
    }

    public async ValueTask DisposeAsync()
    {
        await plain.DisposeAsync();
        await gateway.DisposeAsync();
        engine.Dispose();
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Engines;

/// <summary>
/// A gateway with a model for each <see cref="EngineFailure"/>, all on one fake engine, and what the <c>openai</c>
/// library for JavaScript reports of every one.
/// </summary>
public sealed class FailingEngines : IAsyncLifetime
{
    private readonly RecordingEngine _engine = new();

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal JsonObject Node { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        _engine.Script = FailAsync;
        var declaration = new Declaration().Tenant(RecordedGateway.Tenant);
        foreach (var failure in EngineFailures.All)
        {
            declaration.Deployment(
                RecordedGateway.Tenant,
                failure.Name,
                failure.Name,
                _engine.Url,
                deployment =>
                {
                    deployment["backend"] = failure.Backend;
                    deployment["retry"] = new JsonObject { ["attempts"] = 1 };
                }
            );
        }

        Gateway = await GatewayProcess.StartAsync(declaration);
        Node = await NodeClient.RunAsync(
            "engine-errors.mjs",
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["BASE_URL"] = Gateway.BaseUrl + "/v1",
                ["API_KEY"] = Declaration.Secret(RecordedGateway.Tenant),
                ["ERRORS"] = JsonSerializer.Serialize(
                    EngineFailures.All.Select(failure => new { name = failure.Name, stream = failure.IsMidStream })
                ),
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        await _engine.DisposeAsync();
    }

    private static async Task FailAsync(EngineExchange exchange)
    {
        var model = exchange.Request.Json["model"]!.GetValue<string>();
        var failure = EngineFailures.Find(model);
        if (!failure.IsMidStream)
        {
            await exchange.AnswerAsync(failure.Sent, failure.Body, failure.Media);
            return;
        }

        await exchange.StartStreamAsync();
        await exchange.ChunkAsync(EngineScripts.RoleChunk);
        await exchange.ChunkAsync(EngineScripts.TextChunk("Hello"));
        if (failure.Body.Length > 0)
        {
            await exchange.ChunkAsync(failure.Body);
        }

        exchange.Close();
    }
}

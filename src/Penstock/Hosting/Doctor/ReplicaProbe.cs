using System.Text.Json;
using Penstock.Engines;
using Penstock.Registry.Discovery;

namespace Penstock.Hosting.Doctor;

/// <summary>Asks one replica whether it is there, well and open to us, and what it serves. Generates nothing.</summary>
internal sealed class ReplicaProbe(BoundedClient client)
{
    /// <param name="url">Of the replica, without a slash at the end.</param>
    public async Task<ReplicaSight> AskAsync(string url, Engine engine, string? credential)
    {
        if (await client.ConnectAsync(new Uri(url)) is { } unreachable)
        {
            return Ill($"no connection: {unreachable}", "Start the engine, or correct the replica's URL.");
        }

        var path = engine.HealthPath;
        var health = await client.GetAsync(new Uri(url + path), credential);
        // As the running gateway judges it: not every engine says 2xx when it is well.
        switch (health.Failure is null ? engine.Health(health.Status, health.Body) : EngineHealth.Failing)
        {
            case EngineHealth.Failing:
                return Refusal(health) ?? Ill($"{health.Told} to GET {path}", "Look at the engine's own log.");
            case EngineHealth.Starting or EngineHealth.Throttled:
                return Ill($"it is starting ({health.Told} to GET {path})", "Wait until it has loaded its model.");
        }

        var models = await client.GetAsync(new Uri(url + engine.ModelsPath), credential);
        return Refusal(models) ?? new ReplicaSight(Problem: null, Advice: null, Models(models));
    }

    private static ReplicaSight? Refusal(HttpSight sight) =>
        sight.Status is 401 or 403
            ? Ill(
                $"it refuses the gateway's credential ({sight.Status})",
                "Give the replica the engine's key: api_key_env or api_key_file, or api_key through the management API."
            )
            : null;

    private static ReplicaSight Ill(string problem, string advice) => new(problem, advice, Models: null);

    private static List<string>? Models(HttpSight sight)
    {
        if (!sight.IsSuccess)
        {
            return null;
        }

        try
        {
            var cards = JsonSerializer.Deserialize(sight.Body, ModelCardsJson.Default.ModelCards)?.Data;
            return cards?.Select(card => card?.Id).OfType<string>().ToList();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

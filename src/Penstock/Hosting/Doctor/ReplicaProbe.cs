using System.Text.Json;
using Penstock.Registry.Discovery;

namespace Penstock.Hosting.Doctor;

/// <summary>Asks one replica whether it is there, well and open to us, and what it serves. Generates nothing.</summary>
internal sealed class ReplicaProbe(BoundedClient client)
{
    /// <param name="url">Of the replica, without a slash at the end.</param>
    public async Task<ReplicaSight> AskAsync(string url, string healthPath, string? credential)
    {
        if (await client.ConnectAsync(new Uri(url)) is { } unreachable)
        {
            return Ill($"no connection: {unreachable}", "Start the engine, or correct the replica's URL.");
        }

        var health = await client.GetAsync(new Uri(url + healthPath), credential);
        if (!health.IsSuccess)
        {
            return Refusal(health) ?? Ill($"{health.Told} to GET {healthPath}", "Look at the engine's own log.");
        }

        var models = await client.GetAsync(new Uri(url + "/v1/models"), credential);
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

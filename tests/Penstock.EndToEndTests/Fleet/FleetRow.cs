using System.Globalization;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Fleet;

/// <summary>A row of the ledger.</summary>
internal sealed record FleetRow(Guid Id, string Key, long Prompt, long Completion, int Attempts, string Ending)
{
    public static async Task<IReadOnlyDictionary<Guid, FleetRow>> AllAsync(GatewayFleet fleet)
    {
        var rows = await fleet.QueryAsync(
            """
            SELECT request_id, name, coalesce(prompt_tokens, 0), coalesce(completion_tokens, 0), attempts, ending
            FROM requests JOIN api_keys ON id = key_id::text
            """
        );
        return rows.Select(Read).ToDictionary(row => row.Id);
    }

    private static FleetRow Read(string[] row) =>
        new(Guid.Parse(row[0]), row[1], Number(row[2]), Number(row[3]), (int)Number(row[4]), row[5]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>What a request has cost one engine, by the engine's own count.</summary>
internal sealed record FleetGeneration(Guid Id, string Key, string Ending, long Prompt, long Completion)
{
    public static async Task<IReadOnlyList<FleetGeneration>> AllAsync(IEnumerable<SimulatorProcess> engines)
    {
        var all = new List<FleetGeneration>();
        foreach (var engine in engines)
        {
            var told = await engine.GetAsync("/sim/generations");
            // What gateways ask by themselves names no user.
            all.AddRange(
                told["generations"]!.AsArray().Where(one => one!["user"] is not null).Select(one => Read(one!))
            );
        }

        return all;
    }

    private static FleetGeneration Read(JsonNode one) =>
        new(
            Guid.Parse(one["request_id"]!.GetValue<string>()),
            one["user"]!.GetValue<string>(),
            one["ending"]!.GetValue<string>(),
            one["prompt_tokens"]!.GetValue<long>(),
            one["generated_tokens"]!.GetValue<long>()
        );
}

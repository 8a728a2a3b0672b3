using System.Text.Json;

namespace Penstock.Engines.Sglang;

/// <summary>Reads <c>/v1/loads</c>: one entry for each rank of data parallelism.</summary>
internal static class SglangLoads
{
    public static EngineLoad Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("loads", out var loads)
                && loads.ValueKind == JsonValueKind.Array
                ? Read(loads)
                : EngineLoad.Unknown;
        }
        catch (JsonException)
        {
            return EngineLoad.Unknown;
        }
    }

    private static EngineLoad Read(JsonElement loads)
    {
        var ranks = loads.EnumerateArray().Where(load => load.ValueKind == JsonValueKind.Object).ToArray();
        return new EngineLoad(
            Count(Numbers(ranks, "num_running_reqs")),
            Count(Numbers(ranks, "num_waiting_reqs")),
            Numbers(ranks, "token_usage") is { } usages ? usages.Average() : null
        );
    }

    private static int? Count(double[]? numbers) => numbers is null ? null : (int)numbers.Sum();

    /// <summary>Null unless every rank tells: a sum with a gap in it is no sum.</summary>
    private static double[]? Numbers(JsonElement[] ranks, string name)
    {
        var numbers = new double[ranks.Length];
        for (var at = 0; at < ranks.Length; at++)
        {
            if (
                !ranks[at].TryGetProperty(name, out var value)
                || value.ValueKind != JsonValueKind.Number
                || !value.TryGetDouble(out numbers[at])
                || numbers[at] is < 0 or > int.MaxValue
            )
            {
                return null;
            }
        }

        return numbers.Length > 0 ? numbers : null;
    }
}

using System.Text.Json;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Inspection;

/// <summary>What each of the last generations cost, as JSON, oldest first.</summary>
internal static class GenerationList
{
    private static readonly JsonSerializerOptions Spelling = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static HttpReply Json(IEnumerable<GenerationRecord> records) =>
        new(
            200,
            HttpReply.Json,
            JsonSerializer.SerializeToUtf8Bytes(new { generations = records.ToArray() }, Spelling)
        );
}

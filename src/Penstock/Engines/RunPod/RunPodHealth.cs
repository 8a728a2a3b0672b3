using System.Text.Json;

namespace Penstock.Engines.RunPod;

/// <summary>
/// Reads <c>/v2/ID/health</c>, <c>{"jobs":{...},"workers":{...}}</c>: it starts no worker. A member that is missing is
/// zero.
/// </summary>
internal static class RunPodHealth
{
    public static EngineHealth Judge(int status, ReadOnlySpan<byte> body)
    {
        // The edge limits everybody at times: that says nothing of the endpoint.
        if (status == 429)
        {
            return EngineHealth.Alive;
        }

        if (status is < 200 or >= 300 || Parse(body) is not { } document)
        {
            return EngineHealth.Failing;
        }

        var workers = Member(document, "workers");
        if (Count(workers, "idle") + Count(workers, "running") + Count(workers, "ready") > 0)
        {
            return EngineHealth.Alive;
        }

        // No worker is up, and a request is what starts one, unless the host has no machine to give.
        return Count(workers, "throttled") > 0 ? EngineHealth.Throttled : EngineHealth.Starting;
    }

    public static EngineLoad ReadLoad(ReadOnlySpan<byte> body)
    {
        if (Parse(body) is not { } document || Member(document, "jobs") is not { ValueKind: JsonValueKind.Object } jobs)
        {
            return EngineLoad.Unknown;
        }

        return new EngineLoad(Count(jobs, "inProgress"), Count(jobs, "inQueue"), KvUsage: null);
    }

    private static JsonElement? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return JsonElement.TryParseValue(ref reader, out var root) && root.Value.ValueKind == JsonValueKind.Object
                ? root
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement document, string name) =>
        document.TryGetProperty(name, out var member) ? member : null;

    private static int Count(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } counts
        && counts.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var count)
        && count > 0
            ? count
            : 0;
}

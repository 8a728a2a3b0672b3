namespace Penstock.Simulator.Dialects.Reading;

/// <summary>
/// How long the pretend model thinks before it answers: not at all unless the request asks, so that plain requests
/// stay plain.
/// </summary>
internal static class Effort
{
    public static int Tokens(RequestFields fields) =>
        fields.Get("reasoning_effort") is { ValueKind: System.Text.Json.JsonValueKind.String } effort
            ? RequestFields.Text(effort) switch
            {
                "minimal" => 4,
                "low" => 8,
                "medium" => 16,
                "high" => 32,
                "xhigh" or "max" => 64,
                _ => 0,
            }
            : 0;
}

using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>The one shape of an error, checked as it is read: four fields, <c>code</c> a string or null.</summary>
internal sealed record ErrorEnvelope(string Message, string Type, string? Param, string? Code)
{
    private static readonly string[] Fields = ["code", "message", "param", "type"];

    /// <summary>The error of a whole answer: JSON, and under a request id.</summary>
    public static ErrorEnvelope Of(Answer answer)
    {
        Assert.True(
            answer.ContentHeaders.ContentType?.MediaType == "application/json",
            $"An error is JSON, this is not:\n{answer}"
        );
        Assert.True(Guid.TryParse(answer.Header("X-Request-Id"), out _), $"No request id:\n{answer}");
        return Of(answer.Text);
    }

    public static ErrorEnvelope Of(string json)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        Assert.True(root.Count == 1 && root["error"] is JsonObject, $"Not an error envelope: {json}");
        var error = root["error"]!.AsObject();
        Assert.Equal(Fields, error.Select(field => field.Key).Order(StringComparer.Ordinal));
        var message = error["message"]!.GetValue<string>();
        Assert.False(string.IsNullOrWhiteSpace(message), $"An error without words: {json}");
        return new ErrorEnvelope(
            message,
            error["type"]!.GetValue<string>(),
            error["param"]?.GetValue<string>(),
            error["code"]?.GetValue<string>()
        );
    }
}

using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>What is added to a request whose caller was silent: an object of values, or the word <c>engine</c> for nothing.</summary>
[JsonConverter(typeof(DefaultsShapeConverter))]
public sealed record DefaultsShape
{
    /// <summary>Written as the string <c>engine</c>: whatever the engine does by itself.</summary>
    public static DefaultsShape Engine { get; } = new() { IsEngine = true };

    public bool IsEngine { get; private init; }
    public long? MaxTokens { get; init; }
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
}

using System.Text.Json.Serialization;

namespace Penstock.Cli.Output;

/// <summary>JSON of what only the command line prints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Deletion))]
internal sealed partial class CliJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using Penstock.Idempotency;

namespace Penstock.Storage.Redis;

/// <summary>How an answer's head and failure go from node to node.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AnswerHead))]
[JsonSerializable(typeof(AnswerFailure))]
internal sealed partial class TwinJson : JsonSerializerContext;

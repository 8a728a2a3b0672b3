using System.Text.Json.Serialization;

namespace Penstock.Registry;

/// <summary>Quotes a text as JSON does, which YAML reads alike.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class QuotedTextJson : JsonSerializerContext;

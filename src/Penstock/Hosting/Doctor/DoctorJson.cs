using System.Text.Json.Serialization;

namespace Penstock.Hosting.Doctor;

/// <summary>How <c>doctor --json</c> is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(DoctorDocument))]
internal sealed partial class DoctorJson : JsonSerializerContext;

/// <summary>The one document of <c>doctor --json</c>.</summary>
internal sealed record DoctorDocument(IReadOnlyList<Finding> Checks);

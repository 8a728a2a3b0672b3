using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Penstock.Contracts;

/// <summary>How the contract's types are written: snake_case, null members left out unless null says something.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [
        typeof(OptionalConverter<int?>),
        typeof(OptionalConverter<DateTimeOffset?>),
        typeof(OptionalConverter<IReadOnlyList<string>?>),
    ]
)]
[JsonSerializable(typeof(WorkspaceResource))]
[JsonSerializable(typeof(CreateWorkspace))]
[JsonSerializable(typeof(UpdateWorkspace))]
[JsonSerializable(typeof(PlanResource))]
[JsonSerializable(typeof(PutPlan))]
[JsonSerializable(typeof(KeyResource))]
[JsonSerializable(typeof(CreateKey))]
[JsonSerializable(typeof(UpdateKey))]
[JsonSerializable(typeof(RotateKey))]
[JsonSerializable(typeof(DeploymentResource))]
[JsonSerializable(typeof(CreateDeployment))]
[JsonSerializable(typeof(UpdateDeployment))]
[JsonSerializable(typeof(IReadOnlyList<ReplicaState>))]
[JsonSerializable(typeof(ApplyResult))]
[JsonSerializable(typeof(AuditRow))]
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(ResourceList<WorkspaceResource>))]
[JsonSerializable(typeof(ResourceList<PlanResource>))]
[JsonSerializable(typeof(ResourceList<KeyResource>))]
[JsonSerializable(typeof(ResourceList<DeploymentResource>))]
[JsonSerializable(typeof(ResourceList<ReplicaState>))]
[JsonSerializable(typeof(ResourceList<AuditRow>))]
public sealed partial class ContractsJson : JsonSerializerContext
{
    /// <summary>
    /// For the server's reading of bodies: an unknown member is refused, since a misspelt limit that is silently
    /// ignored is no limit. Answers are read without, so that an older client understands a newer server.
    /// </summary>
    public static ContractsJson Strict =>
        field ??= new(
            new JsonSerializerOptions(Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow }
        );

    internal static JsonTypeInfo<T> InfoOf<T>(JsonSerializerOptions options) =>
        (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}

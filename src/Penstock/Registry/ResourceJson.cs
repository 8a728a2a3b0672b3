using System.Text.Json;
using Penstock.Contracts;

namespace Penstock.Registry;

/// <summary>A record as JSON, the same bytes for answers, audit rows and ETags.</summary>
internal static class ResourceJson
{
    /// <param name="state">The state the record belongs to: it knows the names of workspaces.</param>
    public static string Of(object record, RegistryState state) =>
        record switch
        {
            Plan plan => JsonSerializer.Serialize(Resources.Of(plan), ContractsJson.Default.PlanResource),
            Workspace workspace => JsonSerializer.Serialize(
                Resources.Of(workspace),
                ContractsJson.Default.WorkspaceResource
            ),
            KeyRecord key => JsonSerializer.Serialize(Resources.Of(key, state), ContractsJson.Default.KeyResource),
            DeploymentRecord deployment => JsonSerializer.Serialize(
                Resources.Of(deployment, state),
                ContractsJson.Default.DeploymentResource
            ),
            _ => throw new ArgumentException(
                $"{record.GetType().Name} is not a record of the registry.",
                nameof(record)
            ),
        };
}

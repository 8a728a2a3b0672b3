using System.Text.Json;
using Penstock.Contracts;
using Penstock.Probing;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Registry.Reading;
using Penstock.Routing;

namespace Penstock.Management;

/// <summary><c>/admin/v1/deployments</c>. A credential goes in and never comes out.</summary>
internal static class DeploymentEndpoints
{
    private const string What = "deployment";

    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet(Routes.Deployments, List).Returns<ResourceList<DeploymentResource>>("List deployments");
        admin
            .MapPost(Routes.Deployments, Create)
            .Takes(FieldTables.Deployment, Audience.Create)
            .Creates<DeploymentResource>("Create a deployment");
        admin.MapGet(Routes.Deployment, Get).Returns<DeploymentResource>("Get a deployment");
        admin
            .MapPatch(Routes.Deployment, Update)
            .Takes(FieldTables.Deployment, Audience.Change)
            .Returns<DeploymentResource>("Change a deployment");
        admin
            .MapPost(Routes.ProbeDeployment, ProbeAsync)
            .Returns<ResourceList<ReplicaState>>("Find out what each replica of a deployment can do");
        admin.MapDelete(Routes.Deployment, Delete).ReturnsNothing("Delete a deployment");
    }

    private static IResult List(ManagementCall call, string? workspace, string? limit, string? cursor)
    {
        var state = call.State;
        var (matches, unknown) = WorkspaceFilter.Of(workspace, state);
        var (page, refusal) = ListPage.Of(limit, cursor);
        if (matches is null || page is null)
        {
            return refusal ?? unknown!;
        }

        var list = page.Cut(
            state.Deployments.Values.Where(deployment => matches(deployment.WorkspaceId)),
            deployment => ListPage.KeyOf(deployment.CreatedAt, deployment.Id),
            deployment => Resources.Of(deployment, state)
        );
        return ManagementAnswer.Json(list, ContractsJson.Default.ResourceListDeploymentResource);
    }

    private static IResult Get(ManagementCall call, string id, Router router)
    {
        var state = call.State;
        if (Find(state, id) is not { } known)
        {
            return ManagementErrors.NotFound(What, id);
        }

        var shown = Resources.Of(known, state) with
        {
            States = Route(router, known.Id) is { } route ? ReplicaStates.Of(route) : null,
        };
        return ManagementAnswer.Resource(
            JsonSerializer.Serialize(shown, ContractsJson.Default.DeploymentResource),
            // How the replicas are is no part of the version.
            ResourceJson.Of(known, state),
            StatusCodes.Status200OK
        );
    }

    /// <summary>The engines generate for it: at most 40 tokens each.</summary>
    private static async Task<IResult> ProbeAsync(ManagementCall call, string id, Router router, EngineWatches watches)
    {
        if (Find(call.State, id) is not { } known || Route(router, known.Id) is not { } route)
        {
            return ManagementErrors.NotFound(What, id);
        }

        var states = ReplicaStates.Of(await watches.ProbeAsync(route, call.Aborted));
        return ManagementAnswer.Json(
            new ResourceList<ReplicaState> { Data = states },
            ContractsJson.Default.ResourceListReplicaState
        );
    }

    private static Task<IResult> Create(ManagementCall call, DeploymentChanges deployments) =>
        call.ChangeAsync(draft =>
        {
            if (call.Read(draft, FieldTables.Deployment, Audience.Create) is not { } fields)
            {
                return null;
            }

            var made = deployments.Create(draft, DeploymentReader.Read(fields, DeploymentSpec.New));
            var location = made is null ? null : Routes.OfDeployment(RegistryDraft.IdOf(made.Id));
            return ManagementCall.Answer(draft, made, StatusCodes.Status201Created, location);
        });

    private static Task<IResult> Update(ManagementCall call, string id, DeploymentChanges deployments) =>
        call.ChangeAsync(draft =>
        {
            var known = Find(draft.After, id);
            if (
                !call.Allows(draft, known, What, id)
                || call.Read(draft, FieldTables.Deployment, Audience.Change) is not { } fields
            )
            {
                return null;
            }

            var spec = DeploymentReader.Read(fields, DeploymentSpec.Of(known!, draft.After));
            return ManagementCall.Answer(draft, deployments.Update(draft, known!, spec), StatusCodes.Status200OK);
        });

    private static Task<IResult> Delete(ManagementCall call, string id) =>
        call.ChangeAsync(draft =>
        {
            var known = Find(draft.After, id);
            return call.Allows(draft, known, What, id) && DeploymentChanges.Delete(draft, known!)
                ? ManagementAnswer.NoContent
                : null;
        });

    private static ModelRoute? Route(Router router, Guid id) =>
        router.Table.Routes.FirstOrDefault(route => route.Deployment.Id == id);

    private static DeploymentRecord? Find(RegistryState state, string id) =>
        Guid.TryParseExact(id, "D", out var known) ? state.Deployments.GetValueOrDefault(known) : null;
}

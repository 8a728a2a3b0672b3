using Penstock.Contracts;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary><c>/admin/v1/workspaces</c>.</summary>
internal static class WorkspaceEndpoints
{
    private const string What = "workspace";

    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet(Routes.Workspaces, List).Returns<ResourceList<WorkspaceResource>>("List workspaces");
        admin
            .MapPost(Routes.Workspaces, Create)
            .Takes(FieldTables.Workspace, Audience.Create)
            .Creates<WorkspaceResource>("Create a workspace");
        admin.MapGet(Routes.Workspace, Get).Returns<WorkspaceResource>("Get a workspace");
        admin
            .MapPatch(Routes.Workspace, Update)
            .Takes(FieldTables.Workspace, Audience.Change)
            .Returns<WorkspaceResource>("Change a workspace");
        admin
            .MapDelete(Routes.Workspace, Delete)
            .ReturnsNothing("Delete a workspace without usable keys and deployments");
    }

    private static IResult List(ManagementCall call, string? limit, string? cursor)
    {
        var (page, refusal) = ListPage.Of(limit, cursor);
        if (page is null)
        {
            return refusal!;
        }

        var list = page.Cut(call.State.Workspaces.Values, workspace => workspace.Name, Resources.Of);
        return ManagementAnswer.Json(list, ContractsJson.Default.ResourceListWorkspaceResource);
    }

    private static IResult Get(ManagementCall call, string workspace)
    {
        var state = call.State;
        return ManagementCall.Answer(state.FindWorkspace(workspace), state, What, workspace);
    }

    private static Task<IResult> Create(ManagementCall call) =>
        call.ChangeAsync(draft =>
        {
            if (call.Read(draft, FieldTables.Workspace, Audience.Create) is not { } fields)
            {
                return null;
            }

            var made = WorkspaceChanges.Create(draft, WorkspaceReader.Read(fields, WorkspaceSpec.New));
            var location = Routes.OfWorkspace(RegistryDraft.IdOf(made.Id));
            return ManagementCall.Answer(draft, made, StatusCodes.Status201Created, location);
        });

    private static Task<IResult> Update(ManagementCall call, string workspace) =>
        call.ChangeAsync(draft =>
        {
            var known = draft.After.FindWorkspace(workspace);
            if (
                !call.Allows(draft, known, What, workspace)
                || call.Read(draft, FieldTables.Workspace, Audience.Change) is not { } fields
            )
            {
                return null;
            }

            var spec = WorkspaceReader.Read(fields, WorkspaceSpec.Of(known!));
            var changed = WorkspaceChanges.Update(draft, known!, spec);
            return ManagementCall.Answer(draft, changed, StatusCodes.Status200OK);
        });

    private static Task<IResult> Delete(ManagementCall call, string workspace) =>
        call.ChangeAsync(draft =>
        {
            var known = draft.After.FindWorkspace(workspace);
            return call.Allows(draft, known, What, workspace) && WorkspaceChanges.Delete(draft, known!)
                ? ManagementAnswer.NoContent
                : null;
        });
}

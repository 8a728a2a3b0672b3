using System.Text.Json;
using Penstock.Contracts;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary><c>/admin/v1/keys</c>. A secret is in the answers to create and rotate, and nowhere else.</summary>
internal static class KeyEndpoints
{
    private const string What = "key";

    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet(Routes.Keys, List).Returns<ResourceList<KeyResource>>("List keys");
        admin.MapPost(Routes.Keys, Create).Takes(FieldTables.Key, Audience.Create).Creates<KeyResource>("Create a key");
        admin.MapGet(Routes.Key, Get).Returns<KeyResource>("Get a key");
        admin.MapPatch(Routes.Key, Update).Takes(FieldTables.Key, Audience.Change).Returns<KeyResource>("Change a key");
        admin.MapDelete(Routes.Key, Delete).ReturnsNothing("Revoke a key and forget it");
        admin
            .MapPost(Routes.RotateKey, Rotate)
            .Takes(FieldTables.Rotation, Audience.Create)
            .Creates<KeyResource>("Replace a key's secret");
        admin.MapPost(Routes.RevokeKey, Revoke).Returns<KeyResource>("Revoke a key");
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
            state.Keys.Values.Where(key => matches(key.WorkspaceId)),
            key => ListPage.KeyOf(key.CreatedAt, key.Id),
            key => Resources.Of(key, state)
        );
        return ManagementAnswer.Json(list, ContractsJson.Default.ResourceListKeyResource);
    }

    private static IResult Get(ManagementCall call, string id)
    {
        var state = call.State;
        return ManagementCall.Answer(Find(state, id), state, What, id);
    }

    private static Task<IResult> Create(ManagementCall call, KeyChanges keys, KeyReader reader) =>
        call.ChangeAsync(draft =>
        {
            if (call.Read(draft, FieldTables.Key, Audience.Create) is not { } fields)
            {
                return null;
            }

            var spec = reader.Read(fields, KeySpec.New);
            if (spec.Value.ExpiresAt <= draft.At)
            {
                fields.Report("expires_at", MistakeCodes.InvalidValue, "is over already");
            }

            return Issued(draft, keys.Create(draft, spec));
        });

    private static Task<IResult> Update(ManagementCall call, string id, KeyChanges keys, KeyReader reader) =>
        call.ChangeAsync(draft =>
        {
            var known = Find(draft.After, id);
            if (
                !call.Allows(draft, known, What, id)
                || call.Read(draft, FieldTables.Key, Audience.Change) is not { } fields
            )
            {
                return null;
            }

            var spec = reader.Read(fields, KeySpec.Of(known!, draft.After));
            return ManagementCall.Answer(draft, keys.Update(draft, known!, spec), StatusCodes.Status200OK);
        });

    private static Task<IResult> Rotate(ManagementCall call, string id, KeyChanges keys) =>
        call.ChangeAsync(draft =>
        {
            var known = Find(draft.After, id);
            if (
                !call.Allows(draft, known, What, id)
                || call.Read(draft, FieldTables.Rotation, Audience.Create, optional: true) is not { } fields
            )
            {
                return null;
            }

            var grace = fields.Span("grace", KeyChanges.DefaultGrace, KeyChanges.DefaultGrace);
            return Issued(draft, keys.Rotate(draft, known!, grace));
        });

    private static Task<IResult> Revoke(ManagementCall call, string id) =>
        call.ChangeAsync(draft =>
        {
            var known = Find(draft.After, id);
            return call.Allows(draft, known, What, id)
                ? ManagementCall.Answer(draft, KeyChanges.Revoke(draft, known!), StatusCodes.Status200OK)
                : null;
        });

    private static Task<IResult> Delete(ManagementCall call, string id) =>
        call.ChangeAsync(draft =>
        {
            var known = Find(draft.After, id);
            if (!call.Allows(draft, known, What, id))
            {
                return null;
            }

            draft.Remove(known!);
            return ManagementAnswer.NoContent;
        });

    private static KeyRecord? Find(RegistryState state, string id) =>
        Guid.TryParseExact(id, "D", out var known) ? state.Keys.GetValueOrDefault(known) : null;

    private static ManagementAnswer? Issued(RegistryDraft draft, IssuedKey? issued)
    {
        if (issued is null || draft.Mistakes.Any)
        {
            return null;
        }

        var shown = Resources.Of(issued.Key, draft.After, issued.Secret?.Value);
        return ManagementAnswer.Resource(
            JsonSerializer.Serialize(shown, ContractsJson.Default.KeyResource),
            ResourceJson.Of(issued.Key, draft.After),
            StatusCodes.Status201Created,
            Routes.OfKey(RegistryDraft.IdOf(issued.Key.Id))
        );
    }
}

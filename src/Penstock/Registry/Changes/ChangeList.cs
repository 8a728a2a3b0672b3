using System.Text.Json;
using Penstock.Contracts;

namespace Penstock.Registry.Changes;

/// <summary>The changes of a draft as a person reads them.</summary>
internal static class ChangeList
{
    // Enough to recognise a value; a list of a hundred models is not a line.
    private const int Shown = 60;

    public static IReadOnlyList<ApplyChange> Of(RegistryDraft draft) =>
        [.. draft.Changes().Select(change => Of(change, draft))];

    private static ApplyChange Of(RecordChange change, RegistryDraft draft) =>
        new()
        {
            Action = change.Action,
            Kind = change.Kind.Name(),
            Name = change.After is { } after ? NameOf(after, draft.After) : NameOf(change.Before!, draft.Before),
            Detail = change is { Before: not null, After: not null } ? Difference(change, draft) : null,
        };

    private static string NameOf(object record, RegistryState state) =>
        record switch
        {
            Plan plan => plan.Name,
            Workspace workspace => workspace.Name,
            KeyRecord key => $"{state.WorkspaceName(key.WorkspaceId)}/{key.Name}",
            DeploymentRecord deployment => $"{state.WorkspaceName(deployment.WorkspaceId)}/{deployment.Model}",
            _ => throw new ArgumentException(
                $"{record.GetType().Name} is not a record of the registry.",
                nameof(record)
            ),
        };

    private static string Difference(RecordChange change, RegistryDraft draft)
    {
        using var before = JsonDocument.Parse(ResourceJson.Of(change.Before!, draft.Before));
        using var after = JsonDocument.Parse(ResourceJson.Of(change.After!, draft.After));
        var different = before
            .RootElement.EnumerateObject()
            .Where(old => !JsonElement.DeepEquals(old.Value, after.RootElement.GetProperty(old.Name)))
            .Select(old => $"{old.Name}: {Short(old.Value)} -> {Short(after.RootElement.GetProperty(old.Name))}");
        var text = string.Join(", ", different);

        // What no answer shows has changed all the same.
        return text.Length > 0 ? text : "credential";
    }

    private static string Short(JsonElement value)
    {
        var text = value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return text.Length <= Shown ? text : $"{text[..Shown]}...";
    }
}

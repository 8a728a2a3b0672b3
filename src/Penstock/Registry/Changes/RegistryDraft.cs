namespace Penstock.Registry.Changes;

/// <summary>
/// A change under way: the state before, the state as it would become, and every mistake found so far.
/// Belongs to one change; nothing of it is seen outside until it is committed.
/// </summary>
internal sealed class RegistryDraft(RegistryState before, DateTimeOffset at)
{
    private readonly HashSet<(ResourceKind Kind, string Id)> _touched = [];
    private readonly Dictionary<(ResourceKind Kind, string Id), Func<string, Place>> _places = [];

    public RegistryState Before { get; } = before;
    public RegistryState After { get; private set; } = before;

    /// <summary>When the change happens, in whole milliseconds: what is stored is what was said.</summary>
    public DateTimeOffset At { get; } = Moments.ToMilliseconds(at);

    public MistakeList Mistakes { get; } = new();

    public void Put(Plan plan)
    {
        After = After.With(plan);
        _touched.Add((ResourceKind.Plan, plan.Name));
    }

    public void Put(Workspace workspace)
    {
        After = After.With(workspace);
        _touched.Add((ResourceKind.Workspace, IdOf(workspace.Id)));
    }

    public void Put(KeyRecord key)
    {
        After = After.With(key);
        _touched.Add((ResourceKind.Key, IdOf(key.Id)));
    }

    public void Put(DeploymentRecord deployment)
    {
        After = After.With(deployment);
        _touched.Add((ResourceKind.Deployment, IdOf(deployment.Id)));
    }

    public void Remove(Plan plan)
    {
        After = After.Without(plan);
        _touched.Add((ResourceKind.Plan, plan.Name));
    }

    public void Remove(Workspace workspace)
    {
        After = After.Without(workspace);
        _touched.Add((ResourceKind.Workspace, IdOf(workspace.Id)));
    }

    public void Remove(KeyRecord key)
    {
        After = After.Without(key);
        _touched.Add((ResourceKind.Key, IdOf(key.Id)));
    }

    public void Remove(DeploymentRecord deployment)
    {
        After = After.Without(deployment);
        _touched.Add((ResourceKind.Deployment, IdOf(deployment.Id)));
    }

    /// <summary>Remembers where a record was asked for, so that a rule it breaks can be reported there.</summary>
    public void Asked(ResourceKind kind, string id, Func<string, Place> placeOf) => _places[(kind, id)] = placeOf;

    /// <summary>Where a field of a record was asked for; null: this change does not speak of it.</summary>
    public Place? PlaceOf(ResourceKind kind, string id, string field) =>
        _places.TryGetValue((kind, id), out var placeOf) ? placeOf(field) : null;

    /// <summary>What differs between before and after, parents first.</summary>
    public IReadOnlyList<RecordChange> Changes() =>
        [
            .. _touched
                .Select(record => new RecordChange(record.Kind, record.Id, Find(Before, record), Find(After, record)))
                .Where(change => !Equals(change.Before, change.After))
                .OrderBy(change => change.Kind)
                .ThenBy(change => change.Id, StringComparer.Ordinal),
        ];

    public ChangeSet Seal(string actor)
    {
        var changes = Changes();
        return new ChangeSet(changes, [.. changes.Select(change => Audit(change, actor))]);
    }

    public static string IdOf(Guid id) => id.ToString("D");

    private AuditEntry Audit(RecordChange change, string actor) =>
        new(
            0,
            At,
            actor,
            change.Action,
            change.Kind.Name(),
            change.Id,
            change.Before is { } before ? ResourceJson.Of(before, Before) : null,
            change.After is { } after ? ResourceJson.Of(after, After) : null
        );

    private static object? Find(RegistryState state, (ResourceKind Kind, string Id) record) =>
        record.Kind switch
        {
            ResourceKind.Plan => state.Plans.GetValueOrDefault(record.Id),
            ResourceKind.Workspace => state.Workspaces.GetValueOrDefault(Guid.Parse(record.Id)),
            ResourceKind.Key => state.Keys.GetValueOrDefault(Guid.Parse(record.Id)),
            ResourceKind.Deployment => state.Deployments.GetValueOrDefault(Guid.Parse(record.Id)),
            _ => throw new ArgumentOutOfRangeException(nameof(record), record.Kind, "No such kind of resource."),
        };
}

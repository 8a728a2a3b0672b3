using Penstock.Registry.Changes;

namespace Penstock.Registry.Reading;

/// <summary>Reads a declarative file. Every mistake that can be found without the registry is reported, in one go.</summary>
internal sealed class RegistryFileReader(KeyReader keys)
{
    /// <summary>What could be read, as well as it could; nothing of it may be applied when mistakes were reported.</summary>
    public RegistryFile Read(ReadOnlySpan<byte> utf8, MistakeList mistakes)
    {
        var root = YamlTree.Read(utf8, mistakes);
        if (root is not MappingNode mapping)
        {
            if (root is not null)
            {
                var message =
                    $"the file must be an object with plans, workspaces, keys and deployments, not {root.Kind}";
                mistakes.Add(new Place(root.Line, root.Column, ""), MistakeCodes.InvalidType, message);
            }

            return new RegistryFile([], [], [], []);
        }

        var fields = new Fields(mapping, "", FieldTables.File, Audience.File, mistakes);
        var file = new RegistryFile(
            [.. fields.Objects("plans").Select(plan => PlanReader.Read(plan))],
            [.. fields.Objects("workspaces").Select(item => WorkspaceReader.Read(item, WorkspaceSpec.New))],
            [.. fields.Objects("keys").Select(item => keys.Read(item, KeySpec.New))],
            [.. fields.Objects("deployments").Select(item => DeploymentReader.Read(item, DeploymentSpec.New))]
        );
        return Unique(file, mistakes);
    }

    private static RegistryFile Unique(RegistryFile file, MistakeList mistakes) =>
        new(
            Unique(file.Plans, plan => plan.Name, "name", "plan", mistakes),
            Unique(file.Workspaces, workspace => workspace.Name, "name", "workspace", mistakes),
            Unique(file.Keys, key => Joined(key.Workspace, key.Name), "name", "key of this workspace", mistakes),
            Unique(file.Deployments, IdentityOf, "", "deployment", mistakes)
        );

    /// <summary>A deployment is known by its id, or else by workspace and model.</summary>
    private static string IdentityOf(DeploymentSpec deployment) =>
        deployment.Id is { } id ? id.ToString("D") : Joined(deployment.Workspace, deployment.Model);

    private static string Joined(string parent, string name) => name.Length == 0 ? "" : $"{parent}\n{name}";

    /// <summary>Leaves out what has no name and what came before under the same one.</summary>
    private static List<Declared<T>> Unique<T>(
        IEnumerable<Declared<T>> items,
        Func<T, string> identity,
        string field,
        string what,
        MistakeList mistakes
    )
    {
        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        var unique = new List<Declared<T>>();
        foreach (var item in items.Where(item => identity(item.Value).Length > 0))
        {
            var place = item.At(field);
            if (seen.TryGetValue(identity(item.Value), out var first))
            {
                var hint = field.Length == 0 ? ": give each an id, or join their replicas" : "";
                var message = $"the same {what} is in line {first.Line} already{hint}";
                mistakes.Add(place, MistakeCodes.InvalidValue, message);
                continue;
            }

            seen.Add(identity(item.Value), place);
            unique.Add(item);
        }

        return unique;
    }
}

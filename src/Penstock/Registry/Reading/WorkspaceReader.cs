using Penstock.Registry.Changes;

namespace Penstock.Registry.Reading;

/// <summary>Reads a workspace onto what is there, or onto a new one.</summary>
internal static class WorkspaceReader
{
    public static Declared<WorkspaceSpec> Read(Fields fields, WorkspaceSpec from)
    {
        var name = fields.Text("name", from.Name);
        var plan = fields.Text("plan", from.Plan, WorkspaceSpec.New.Plan);
        var limits = AllowanceReader.Read(fields, from.Limits);
        return new Declared<WorkspaceSpec>(new WorkspaceSpec(name, plan) { Limits = limits }, fields.At);
    }
}

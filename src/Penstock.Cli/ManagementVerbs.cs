using System.CommandLine;
using Penstock.Cli.Connection;
using Penstock.Cli.Verbs;

namespace Penstock.Cli;

/// <summary>The verbs that speak to a running gateway's management API.</summary>
public static class ManagementVerbs
{
    public static void AddTo(RootCommand root) => AddTo(root, Surroundings.OfProcess());

    internal static void AddTo(RootCommand root, Surroundings surroundings)
    {
        var server = new ServerOptions();
        var runner = new VerbRunner(server, surroundings);
        Command[] verbs =
        [
            ApplyVerb.Build(runner),
            ExportVerb.Build(runner),
            WorkspaceVerbs.Build(runner),
            KeyVerbs.Build(runner),
            DeploymentVerbs.Build(runner),
            UsageVerb.Build(runner),
            ExplainVerb.Build(runner),
        ];
        foreach (var verb in verbs)
        {
            server.AddTo(verb);
            root.Add(verb);
        }
    }
}

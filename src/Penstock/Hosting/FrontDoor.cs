using System.CommandLine;
using Penstock.Cli;
using Penstock.Hosting.Doctor;
using Penstock.Hosting.Secrets;
using Penstock.Simulator;

namespace Penstock.Hosting;

/// <summary>The command line: what this process does itself, and the verbs that speak to a running gateway.</summary>
internal static class FrontDoor
{
    public static Task<int> RunAsync(string[] args) =>
        args is ["simulate", .. var options]
            // The simulator ships alone as well and reads its own options.
            ? SimulatorCommand.RunAsync(options, CancellationToken.None)
            : CommandLineHost.RunAsync(Create(), DefaultToServe(args));

    private static RootCommand Create()
    {
        var root = new RootCommand("Penstock: a self-hosted, OpenAI-compatible inference gateway.");
        // The library's own --version prints a bare number; ours is a verb like any other.
        root.Options.Remove(root.Options.Single(option => option is VersionOption));
        root.Add(ServeVerb.Create());
        root.Add(new Command("simulate", "Run the engine simulator on its own; simulate --help lists its options."));
        root.Add(DoctorVerb.Create());
        root.Add(SecretsVerb.Create());
        root.Add(VersionVerb.Create());
        ManagementVerbs.AddTo(root);
        return root;
    }

    /// <summary><c>serve</c> is what Penstock does when nobody says otherwise; its options are taken without the word.</summary>
    private static string[] DefaultToServe(string[] args)
    {
        var isHelp = args is ["--help" or "-h" or "-?"];
        var isVersion = args is ["--version"];
        if (isVersion)
        {
            return ["version"];
        }

        return !isHelp && (args.Length == 0 || args[0].StartsWith('-')) ? ["serve", .. args] : args;
    }
}

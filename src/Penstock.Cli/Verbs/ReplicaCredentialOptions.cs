using System.CommandLine;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary>Where the engine's credential comes from; the same for every replica named with it.</summary>
internal sealed class ReplicaCredentialOptions
{
    public Option<string?> Environment { get; } =
        Take.Word("--api-key-env", "Variable of the gateway that holds the engine's credential", "VARIABLE");

    public Option<string?> File { get; } =
        Take.Word("--api-key-file", "File on the gateway that holds the engine's credential", "FILE");

    public Option<string?> Literal { get; } =
        Take.Word("--api-key", "The engine's credential; kept encrypted, but every process here sees it", "SECRET");

    public Option[] All => [Environment, File, Literal];

    public ReplicaShape On(ReplicaShape replica, VerbCall call) =>
        replica with
        {
            ApiKeyEnv = call.Get(Environment),
            ApiKeyFile = call.Get(File),
            ApiKey = call.Get(Literal),
        };

    /// <summary>A change sends the list of replicas whole, so a credential alone has nowhere to go.</summary>
    public void NeedReplicas(Command command, Option replicas) =>
        command.Validators.Add(result =>
        {
            var given = Array.Find(All, option => result.GetResult(option) is not null);
            if (given is not null && result.GetResult(replicas) is null)
            {
                result.AddError($"{given.Name} needs --replica: it belongs to the replicas that are named with it.");
            }
        });
}

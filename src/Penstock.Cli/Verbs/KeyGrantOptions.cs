using System.CommandLine;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary>What a key may do, as options of <c>create</c> and <c>set</c>; only <c>set</c> has something to take back.</summary>
internal sealed class KeyGrantOptions(TimeProvider clock, bool forCreation)
{
    public Option<Optional<int?>> RequestsPerMinute { get; } =
        Take.CountOrPlan("--rpm", "Requests a minute; plan: the plan's default");

    public Option<Optional<int?>> Burst { get; } =
        Take.CountOrPlan("--burst", "Requests that may come at once; plan: the plan's default");

    public Option<IReadOnlyList<string>?> Models { get; } =
        Take.Names("--models", "The models it may call; without: all of the workspace");

    public Option<bool> AllModels { get; } = Take.Flag("--all-models", "It may call every model of the workspace");

    public Option<IReadOnlyList<string>?> Permissions { get; } =
        Take.Names("--permissions", "For example engine-controls");

    public Option<bool> NoPermissions { get; } = Take.Flag("--no-permissions", "Takes all permissions back");

    public Option<Optional<DateTimeOffset?>> Expires { get; } = Expiry.Option(clock);

    public AllowanceOptions Limits { get; } = new();

    public Option[] All =>
        forCreation
            ? [RequestsPerMinute, Burst, Models, Permissions, Expires, .. Limits.All]
            : [RequestsPerMinute, Burst, Models, AllModels, Permissions, NoPermissions, Expires, .. Limits.All];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }

        if (!forCreation)
        {
            Rules.AtMostOne(command, Models, AllModels);
            Rules.AtMostOne(command, Permissions, NoPermissions);
        }
    }
}

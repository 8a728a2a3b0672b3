using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Contracts;

namespace Penstock.Cli;

/// <summary>One run of a verb: what was asked, whom to ask, where to say it.</summary>
internal sealed record VerbCall(
    ParseResult Parse,
    ManagementClient Client,
    Report Report,
    Surroundings Surroundings,
    CancellationToken Cancel
)
{
    public T? Get<T>(Option<T> option) => Parse.GetValue(option);

    public T Get<T>(Argument<T> argument) => Parse.GetRequiredValue(argument);
}

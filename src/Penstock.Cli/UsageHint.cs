using System.CommandLine;
using System.CommandLine.Parsing;

namespace Penstock.Cli;

/// <summary>The lines that show a mistaken caller what is expected and where to read on.</summary>
internal static class UsageHint
{
    public static string For(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        List<string> words = [];
        for (SymbolResult? at = parse.CommandResult; at is CommandResult result; at = at.Parent)
        {
            words.Insert(0, result.Command is RootCommand ? "penstock" : result.Command.Name);
        }

        var path = string.Join(' ', words);
        var next = command.Subcommands.Count > 0 ? ["COMMAND"] : command.Arguments.Select(argument => argument.Name);
        var usage = string.Join(' ', [path, .. next, "[options]"]);
        return $"Usage: {usage}\nMore:  {path} --help";
    }
}

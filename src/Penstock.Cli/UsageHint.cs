using System.CommandLine;
using System.CommandLine.Parsing;

namespace Penstock.Cli;

/// <summary>The line that shows a mistaken caller where to read on.</summary>
internal static class UsageHint
{
    public static string For(ParseResult parse)
    {
        List<string> words = ["--help"];
        for (SymbolResult? at = parse.CommandResult; at is CommandResult command; at = at.Parent)
        {
            words.Insert(0, command.Command is RootCommand ? "penstock" : command.Command.Name);
        }

        return string.Join(' ', words);
    }
}

using System.CommandLine;

namespace Penstock.Cli.Parsing;

/// <summary>What options may stand together.</summary>
internal static class Rules
{
    public static void AtMostOne(Command command, params Option[] options) =>
        command.Validators.Add(result =>
        {
            var given = Array.FindAll(options, option => result.GetResult(option) is { Implicit: false });
            if (given.Length > 1)
            {
                result.AddError($"{string.Join(" and ", given.Select(o => o.Name))} exclude each other.");
            }
        });

    public static void AtLeastOne(Command command, params Option[] options) =>
        command.Validators.Add(result =>
        {
            if (!Array.Exists(options, option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError($"Nothing to set: give one of {string.Join(", ", options.Select(o => o.Name))}.");
            }
        });
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Penstock.Cli.Output;

/// <summary>A verb's result: for people a table on stdout and a sentence on stderr, for programs one JSON document.</summary>
internal sealed class Report(Surroundings surroundings, bool json)
{
    /// <summary>Wider than any row of ours: a cell that is cut into lines cannot be copied or searched for.</summary>
    private const int Unbounded = 100_000;

    public bool IsJson => json;

    /// <summary>A message: it never mixes with the data.</summary>
    public void Say(string message) => surroundings.Error.WriteLine(Printable.Of(message));

    /// <summary>A line of data, as it is: never wrapped, so that it can be copied.</summary>
    public void Line(string text) => surroundings.Out.WriteLine(text);

    public void Json<T>(T value, JsonTypeInfo<T> type) => Line(JsonSerializer.Serialize(value, type));

    public void Deleted(string kind, string id)
    {
        if (json)
        {
            Json(new Deletion(kind, id, Deleted: true), CliJson.Default.Deletion);
        }

        Say($"Deleted {kind} {id}.");
    }

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(
                new TableColumn(new Text(column.ToUpperInvariant(), new Style(decoration: Decoration.Bold)))
            );
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(Cell));
        }

        Console().Write(table);
    }

    /// <summary>One resource: a line for each of its members.</summary>
    public void Card(IEnumerable<(string Name, string Value)> members)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in members)
        {
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), Cell(value));
        }

        Console().Write(grid);
    }

    private static Text Cell(string text) => new(Printable.Of(text));

    private IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(surroundings.Out),
                Ansi = surroundings.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
                Interactive = InteractionSupport.No,
            }
        );
        console.Profile.Width = Unbounded;
        return console;
    }
}

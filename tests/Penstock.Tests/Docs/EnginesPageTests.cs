using System.Globalization;
using Penstock.Engines;
using Penstock.Tests.Architecture;
using Penstock.Tests.Golden;

namespace Penstock.Tests.Docs;

public sealed class EnginesPageTests
{
    private const string Begin = "<!-- facts: begin -->\n";
    private const string End = "<!-- facts: end -->";

    /// <summary>PENSTOCK_ACCEPT_GOLDEN=1 writes the table into the page.</summary>
    [Fact]
    public void The_table_of_facts_is_the_catalogue_s()
    {
        var accept = Environment.GetEnvironmentVariable("PENSTOCK_ACCEPT_GOLDEN") == "1";
        var page = SourceTree.Read("docs/engines.md");
        var from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = page.IndexOf(End, StringComparison.Ordinal);
        var table = string.Join('\n', [Head, Rule, .. EngineCatalog.All.Select(Row)]) + "\n";

        GoldenFile.Compare(
            page[..from] + table + page[to..],
            Path.Combine(SourceTree.Root, "docs", "engines.md"),
            accept
        );
    }

    [Fact]
    public void The_first_paragraph_names_every_engine() =>
        Assert.All(
            EngineCatalog.Names,
            name =>
                Assert.Contains(
                    $"`{name}`",
                    SourceTree.Read("docs/engines.md").Split("\n\n")[1],
                    StringComparison.Ordinal
                )
        );

    private const string Head =
        "| engine | health | load | abort lag | priority | cache salt | usage on every chunk | goes on with a partial message | idle connection | not ready | stop detail | usual port |";

    private const string Rule = "|---|---|---|---|---|---|---|---|---|---|---|---|";

    private static string Row(Engine engine)
    {
        string[] cells =
        [
            $"`{engine.Name}`",
            $"`{engine.HealthPath}`",
            string.Join(", then ", Sources(engine).Select(path => $"`{path}`")),
            Seconds(engine.AbortLag),
            engine.Priority switch
            {
                PriorityOrder.LowFirst => "low first",
                PriorityOrder.HighFirst => "high first",
                _ => "none",
            },
            YesNo(engine.TakesCacheSalt),
            YesNo(engine.ContinuousUsage),
            YesNo(engine.ContinuesPartialMessage),
            Seconds(engine.IdleConnection),
            engine.ColdStart switch
            {
                ColdStart.Refuses => "refuses connections",
                ColdStart.Answers503 => "answers 503",
                _ => "holds the request",
            },
            engine.StopDetail is { } detail ? $"`{detail}`" : "none",
            engine.Signature is { } signature ? string.Join(", ", signature.Ports) : "–",
        ];
        return $"| {string.Join(" | ", cells.Select(cell => cell.Length == 0 ? "does not tell" : cell))} |";
    }

    private static IEnumerable<string> Sources(Engine engine)
    {
        for (var source = engine.LoadSource; source is not null; source = source.Otherwise)
        {
            yield return source.Path;
        }
    }

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Seconds(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds} s");
}

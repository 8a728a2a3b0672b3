using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Engines;

/// <summary>The callers' contract against every dialect: the table in <c>docs/engines.md</c>.</summary>
public sealed class MatrixTests : IClassFixture<SimulatedEngines>
{
    private const string Begin = "<!-- matrix: begin -->\n";
    private const string End = "<!-- matrix: end -->";

    private readonly SimulatedEngines _engines;

    public MatrixTests(SimulatedEngines engines) => _engines = engines;

    /// <summary>PENSTOCK_ACCEPT_GOLDEN=1 writes the table into the page.</summary>
    [Fact]
    public async Task The_page_says_what_works_where()
    {
        var rows = await Task.WhenAll(_engines.All.Select(RowAsync));
        var columns = Behaviours.All.Select(behaviour => behaviour.Column).ToList();
        var table = string.Join(
            '\n',
            [
                $"| engine | {string.Join(" | ", columns)} |",
                $"|---|{string.Concat(Enumerable.Repeat("---|", columns.Count))}",
                .. rows,
            ]
        );

        var page = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);
        var from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = page.IndexOf(End, StringComparison.Ordinal);
        var expected = page[..from] + table + "\n" + page[to..];
        if (Environment.GetEnvironmentVariable("PENSTOCK_ACCEPT_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(Page, expected, TestContext.Current.CancellationToken);
            return;
        }

        Assert.Equal(page[from..to].TrimEnd(), table);
    }

    [Fact]
    public async Task Looking_at_an_engine_generates_nothing_and_drains_nothing()
    {
        foreach (var engine in _engines.All)
        {
            // Some dozens of questions have been asked by then.
            await engine.Simulator.ReachesAsync("requests", 20);
            var counters = await engine.Simulator.CountersAsync();

            Assert.True(counters["probe_tokens"]!.GetValue<long>() == 0, $"{engine.Dialect}: {counters}");
            Assert.True(counters["drained_reads"]!.GetValue<long>() == 0, $"{engine.Dialect}: {counters}");
        }
    }

    private async Task<string> RowAsync(SimulatedEngine engine)
    {
        var cells = new List<string>();
        foreach (var behaviour in Behaviours.All)
        {
            try
            {
                cells.Add(await behaviour.SeeAsync(engine, _engines.Client));
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"{engine.Dialect}, {behaviour.Column}: {error.Message}", error);
            }
        }

        return $"| `{engine.Dialect}` | {string.Join(" | ", cells)} |";
    }

    private static string Page =>
        Path.GetFullPath(Path.Combine(Built.ClientScripts, "..", "..", "..", "docs", "engines.md"));
}

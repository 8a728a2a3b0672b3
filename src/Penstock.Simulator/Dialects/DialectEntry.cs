namespace Penstock.Simulator.Dialects;

/// <summary>One line of the catalogue: what a dialect is, and how one is made for a server.</summary>
internal sealed record DialectEntry(DialectFacts Facts, Func<SimulatorOptions, Dialect> Create)
{
    public string Name => Facts.Name;
}

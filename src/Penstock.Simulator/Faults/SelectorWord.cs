namespace Penstock.Simulator.Faults;

/// <summary>One row of the table of selectors, in the form of <see cref="Directive"/>.</summary>
internal sealed record SelectorWord(
    string Name,
    string Value,
    string Meaning,
    Func<FaultSelector, string, FaultSelector> Apply
);

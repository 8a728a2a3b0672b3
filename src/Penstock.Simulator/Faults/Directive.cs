namespace Penstock.Simulator.Faults;

/// <summary>One row of the table: a word, what may follow it, what it does, and how it is taken in.</summary>
/// <param name="Name">The word.</param>
/// <param name="Value">Its value's form, for people; empty when it takes none.</param>
/// <param name="Meaning">One line, for people.</param>
/// <param name="Apply">Throws <see cref="FormatException"/> for a value it cannot read.</param>
internal sealed record Directive(string Name, string Value, string Meaning, Func<Directives, string, Directives> Apply);

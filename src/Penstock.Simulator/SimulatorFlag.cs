namespace Penstock.Simulator;

/// <summary>One flag of the command line.</summary>
/// <param name="Flag">With its dashes.</param>
/// <param name="Value">What follows it, for people; empty for a switch, which <c>--no-…</c> turns off.</param>
/// <param name="Meaning">One line, for people.</param>
/// <param name="Apply">Throws <see cref="FormatException"/> for a value it cannot read; a switch gets on or off.</param>
internal sealed record SimulatorFlag(
    string Flag,
    string Value,
    string Meaning,
    Func<SimulatorOptions, string, SimulatorOptions> Apply
)
{
    public const string On = "on";
    public const string Off = "off";

    public bool IsSwitch => Value.Length == 0;

    public string Negation => $"--no-{Flag.TrimStart('-')}";

    /// <summary>How it is written, both forms of a switch in one.</summary>
    public string Usage => IsSwitch ? $"--[no-]{Flag.TrimStart('-')}" : $"{Flag} {Value}";

    public static SimulatorFlag Switch(
        string flag,
        string meaning,
        Func<SimulatorOptions, bool, SimulatorOptions> apply
    ) =>
        new(
            flag,
            "",
            meaning,
            (o, v) =>
                v switch
                {
                    On => apply(o, true),
                    Off => apply(o, false),
                    _ => throw new FormatException("expected on or off"),
                }
        );
}

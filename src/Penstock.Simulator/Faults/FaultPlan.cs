using Penstock.Simulator.Http;

namespace Penstock.Simulator.Faults;

/// <summary>The server's own rules, in their order: a later one speaks over an earlier one.</summary>
internal sealed class FaultPlan
{
    // Seeds of neighbouring rules must not walk through the same chances.
    private const ulong SeedStep = 0x9E37_79B9_0000;

    private readonly FaultRule[] _rules;
    private readonly TimeProvider _time;
    private readonly long _began;

    /// <param name="text">Rules between bars or on lines of their own; words as <see cref="DirectiveReader"/> says.</param>
    /// <param name="seed">Of what is left to chance.</param>
    /// <param name="time">What the ages of rules are told by.</param>
    /// <exception cref="FormatException">A word is in no table, or its value cannot be read.</exception>
    public FaultPlan(string text, long seed, TimeProvider time)
    {
        Text = text;
        _time = time;
        _began = time.GetTimestamp();
        _rules =
        [
            .. text.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select((rule, i) => DirectiveReader.ReadRule(rule, (ulong)seed + ((ulong)i * SeedStep))),
        ];
    }

    public string Text { get; }

    /// <summary>What a generation meets.</summary>
    public Directives ForGeneration(HttpRequest request) => Apply(request, isGeneration: true);

    /// <summary>What a request on any path meets before the engine has looked at it.</summary>
    public Directives ForRoute(HttpRequest request) => Apply(request, isGeneration: false);

    private Directives Apply(HttpRequest request, bool isGeneration)
    {
        var directives = Directives.None;
        foreach (var rule in _rules)
        {
            if (rule.IsForGenerations == isGeneration)
            {
                directives = rule.Apply(directives, request, isGeneration, _time.GetElapsedTime(_began));
            }
        }

        return directives;
    }
}

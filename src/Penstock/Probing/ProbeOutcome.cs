using Penstock.Engines;

namespace Penstock.Probing;

/// <summary>What a probe came to: a card, or why there is none.</summary>
internal sealed record ProbeOutcome(CapabilityCard? Card, string? Problem)
{
    public static ProbeOutcome Of(CapabilityCard card) => new(card, Problem: null);

    public static ProbeOutcome Failed(string problem) => new(Card: null, problem);
}

using Penstock.Primitives;

namespace Penstock.Tests.Transport.Plain;

/// <summary>Seeded chance, in the forms that a mutation wants.</summary>
internal static class Dice
{
    public static int Below(this Chance chance, int bound) => (int)(chance.NextDouble() * bound);

    public static T Of<T>(this Chance chance, IReadOnlyList<T> choices) => choices[chance.Below(choices.Count)];
}

#pragma warning disable RS0030 // The one place of this project that makes a source of chance, always with a seed.
namespace Penstock.EndToEndTests.Harness;

/// <summary>Seeded chance, so that a failing run can be repeated.</summary>
internal static class Chance
{
    public static Random Seeded(int seed) => new(seed);
}

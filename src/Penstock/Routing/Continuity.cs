namespace Penstock.Routing;

/// <summary>What becomes of a stream whose engine dies in the middle of it.</summary>
internal enum Continuity
{
    /// <summary>Where it is safe, another replica of the same weights goes on with it.</summary>
    Auto,

    /// <summary>It ends with an error.</summary>
    Off,
}

/// <summary>How an operator spells it.</summary>
internal static class ContinuityWords
{
    public static IReadOnlyList<string> All { get; } = ["auto", "off"];

    public static string Word(this Continuity continuity) => All[(int)continuity];

    /// <param name="word">One of <see cref="All"/>.</param>
    public static Continuity Of(string word) => word == All[(int)Continuity.Off] ? Continuity.Off : Continuity.Auto;
}

namespace Penstock.Routing;

/// <summary>What becomes of a request whose first byte is later than nearly all others' were.</summary>
internal enum Hedge
{
    /// <summary>It waits.</summary>
    Off,

    /// <summary>Another replica gets it too; the first byte wins.</summary>
    Auto,
}

/// <summary>How an operator spells it.</summary>
internal static class HedgeWords
{
    public static IReadOnlyList<string> All { get; } = ["off", "auto"];

    public static string Word(this Hedge hedge) => All[(int)hedge];

    /// <param name="word">One of <see cref="All"/>.</param>
    public static Hedge Of(string word) => word == All[(int)Hedge.Auto] ? Hedge.Auto : Hedge.Off;
}

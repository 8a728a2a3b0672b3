using System.Globalization;
using System.Text;
using Penstock.Engines;

namespace Penstock.Routing;

/// <summary>A plan's priority in the spelling of an engine. 0 is the lowest, and what a request without one has.</summary>
internal static class EnginePriorities
{
    public const int Highest = 9;

    /// <returns>A member of a body for each priority, after a comma; null for an engine that knows none.</returns>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Of(Engine engine) =>
        engine.Priority == PriorityOrder.None
            ? null
            : [.. Enumerable.Range(0, Highest + 1).Select(priority => Member(engine, priority))];

    private static ReadOnlyMemory<byte> Member(Engine engine, int priority)
    {
        var ordered = engine.Priority == PriorityOrder.LowFirst ? -priority : priority;
        var number = engine.PriorityIsFraction
            ? (ordered / 10.0).ToString(CultureInfo.InvariantCulture)
            : ordered.ToString(CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes($",\"priority\":{number}");
    }
}

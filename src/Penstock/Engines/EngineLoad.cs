namespace Penstock.Engines;

/// <summary>An engine's own word on how busy it is, whoever sends the work. A null is unknown, which is not idle.</summary>
/// <param name="Running">Requests being worked on.</param>
/// <param name="Waiting">Requests in the engine's own queue.</param>
/// <param name="KvUsage">Share of its attention cache in use, 0 to 1.</param>
internal readonly record struct EngineLoad(int? Running, int? Waiting, double? KvUsage)
{
    public static EngineLoad Unknown { get; }

    public bool IsKnown => Running is not null || Waiting is not null;
}

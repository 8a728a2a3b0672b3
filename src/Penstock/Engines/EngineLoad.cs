using System.Runtime.InteropServices;

namespace Penstock.Engines;

/// <summary>What an engine says of its load. Null is "it did not say", never "idle".</summary>
/// <param name="Running">Requests being worked on.</param>
/// <param name="Waiting">Requests in its queue.</param>
/// <param name="KvUsage">Share of its attention cache in use, 0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EngineLoad(int? Running, int? Waiting, double? KvUsage)
{
    public static EngineLoad Unknown { get; }

    public bool IsUnknown => this == Unknown;
}

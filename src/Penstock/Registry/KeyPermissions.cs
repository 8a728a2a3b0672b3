using System.Collections.Immutable;

namespace Penstock.Registry;

/// <summary>What a key may be allowed beyond calling models.</summary>
internal static class KeyPermissions
{
    /// <summary>May send the request fields that reach into a shared engine.</summary>
    public const string EngineControls = "engine-controls";

    public static ImmutableArray<string> Known { get; } = [EngineControls];
}
